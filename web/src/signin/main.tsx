import '../design/base.css'
import './signedIn.css'
import { start } from '../start'
import { SignedIn } from './SignedIn'

// Codes and secrets leave the address before anything else is done.
const arrived = new URL(window.location.href)
window.history.replaceState(null, '', window.location.pathname)

start('sign-in', ({ config }) => <SignedIn config={config} arrived={arrived} />)
