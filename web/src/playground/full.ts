// The whole of GraphiQL: fetched once the page can be used without it.
import 'graphiql/setup-workers/vite'
import 'graphiql/style.css'
import './playground.css'

export { Playground } from './Playground'
