import { Component, type ReactNode } from 'react'
import { Button } from './Button'

interface Props {
  /** What could not be shown, such as "The board". */
  name: string
  children: ReactNode
}

/** Shows what went wrong in a part of a page in its place, and a way on, instead of a white page. */
export class ErrorBoundary extends Component<Props, { error: Error | null }> {
  override state = { error: null as Error | null }

  static getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error : new Error(String(error)) }
  }

  override render() {
    const { error } = this.state
    if (!error) return this.props.children
    return (
      <main className="full-page" role="alert">
        <h1>{this.props.name} could not be shown</h1>
        <p className="quiet">{error.message}</p>
        <Button look="primary" onClick={() => this.setState({ error: null })}>
          Try again
        </Button>
        <Button look="bare" onClick={() => window.location.assign(window.location.pathname)}>
          Start from the beginning
        </Button>
      </main>
    )
  }
}
