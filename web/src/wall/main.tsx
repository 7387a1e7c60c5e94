import '../design/base.css'
import './wall.css'
import { start } from '../start'
import { App } from './App'

start('wallboard', App)
