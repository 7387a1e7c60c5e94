import '../design/base.css'
import './chat.css'
import { start } from '../start'
import { App } from './App'

start('chat', App)
