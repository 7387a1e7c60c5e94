import './light.css'
import { start } from '../start'
import { Light } from './Light'

start('playground', Light)
