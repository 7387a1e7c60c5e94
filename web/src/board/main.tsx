import '../design/base.css'
import './board.css'
import { start } from '../start'
import { App } from './App'

start('board', App)
