import '../design/base.css'
import './webhooks.css'
import { start } from '../start'
import { App } from './App'

start('page of webhooks', App)
