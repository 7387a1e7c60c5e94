import 'graphiql/setup-workers/vite'
import 'graphiql/style.css'
import './playground.css'
import { start } from '../start'
import { Playground } from './Playground'

start('playground', Playground)
