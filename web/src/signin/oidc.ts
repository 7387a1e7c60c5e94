import * as oauth from 'oauth4webapi'
import type { Config, Provider } from '../config'
import { serverNow } from '../design/clock'
import type { Account } from './account'
import { Over } from './over'
import { CALLBACK, safeReturn } from './pages'

/** A sign-in that was begun in this window, and what its answer must fit. */
interface Begun {
  verifier: string
  nonce: string
  issuer: string
  returnTo: string
}

const BEGUN = 'switchboard:signing-in:'
const AGAIN = 'Sign in again.'

/** Sends the browser to the provider. Rejects with a message for people. */
export async function beginAtProvider(config: Config, returnTo: string): Promise<void> {
  const { provider, as } = serverOf(config)
  if (!window.isSecureContext) throw new Error('Signing in needs https: this page was opened without encryption. Open it by its https address.')
  const [state, nonce, verifier] = [oauth.generateRandomState(), oauth.generateRandomNonce(), oauth.generateRandomCodeVerifier()]
  try {
    forgetBegun()
    sessionStorage.setItem(BEGUN + state, JSON.stringify({ verifier, nonce, issuer: provider.issuer, returnTo: safeReturn(returnTo) } satisfies Begun))
  } catch {
    throw new Error('This browser lets the page keep nothing. Allow it to store data for this site, and sign in again.')
  }
  const to = new URL(as.authorization_endpoint!)
  const asked = {
    client_id: provider.clientId, response_type: 'code', redirect_uri: redirectUri(), scope: provider.scope, state, nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256', ...audienceOf(provider),
  }
  for (const [name, value] of Object.entries(asked)) to.searchParams.set(name, value)
  window.location.assign(to)
}

/** Ends what beginAtProvider began: the account, and where to go on. */
export async function finishAtProvider(config: Config, answer: URL): Promise<{ account: Account; returnTo: string }> {
  const { provider, as } = serverOf(config)
  const begun = takeBegun(answer.searchParams.get('state'))
  if (!begun || begun.issuer !== provider.issuer) {
    throw new Error(`This sign-in was not begun in this window, or it was used already. ${AGAIN}`)
  }
  const client = clientOf(provider)
  try {
    const parameters = oauth.validateAuthResponse(as, client, answer, answer.searchParams.get('state')!)
    const response = await oauth.authorizationCodeGrantRequest(as, client, oauth.None(), parameters, redirectUri(), begun.verifier, {
      ...optionsOf(provider), additionalParameters: audienceOf(provider),
    })
    const tokens = await oauth.processAuthorizationCodeResponse(as, client, response, { expectedNonce: begun.nonce, requireIdToken: true })
    return { account: accountOf(provider, tokens, null), returnTo: safeReturn(begun.returnTo) }
  } catch (error) {
    throw inWords(error)
  }
}

/** The next token of a sign-in at the provider. Rejects with Over when the provider will not renew it. */
export async function renewAtProvider(config: Config, kept: Account): Promise<Account> {
  const { provider, as } = serverOf(config)
  if (kept.issuer !== provider.issuer) throw new Over(`People sign in somewhere else now. ${AGAIN}`)
  const client = clientOf(provider)
  try {
    const response = await oauth.refreshTokenGrantRequest(as, client, oauth.None(), kept.renewal!, {
      ...optionsOf(provider), additionalParameters: audienceOf(provider),
    })
    return accountOf(provider, await oauth.processRefreshTokenResponse(as, client, response), kept)
  } catch (error) {
    if (error instanceof oauth.ResponseBodyError && error.status < 500) throw new Over(`Your sign-in at ${hostOf(provider)} is over. ${AGAIN}`)
    throw error instanceof Over ? error : inWords(error)
  }
}

/** Ends the renewal at the provider, and answers where its own sign-out is; null where it has none. */
export async function endAtProvider(config: Config, kept: Account): Promise<URL | null> {
  const { provider, as } = serverOf(config)
  if (kept.renewal && as.revocation_endpoint) {
    await oauth.revocationRequest(as, { client_id: provider.clientId }, oauth.None(), kept.renewal, optionsOf(provider)).catch(() => {})
  }
  if (!as.end_session_endpoint) return null
  const to = new URL(as.end_session_endpoint)
  // By the client's name and not by a token, since addresses are kept and logged.
  to.searchParams.set('client_id', provider.clientId)
  to.searchParams.set('post_logout_redirect_uri', redirectUri())
  return to
}

/** The provider's host, for people to read. */
export const hostOf = ({ issuer }: Provider): string => new URL(issuer).host

function serverOf({ oidc: provider }: Config): { provider: Provider; as: oauth.AuthorizationServer } {
  if (!provider) throw new Over('This server has no identity provider any more.')
  if (!provider.endpoints) throw new Error(`${hostOf(provider)}, where people sign in, does not answer. Try again in a minute.`)
  const { authorization, token, endSession, revocation, namesIssuer = false } = provider.endpoints
  return {
    provider,
    as: {
      issuer: provider.issuer, authorization_endpoint: authorization, token_endpoint: token, authorization_response_iss_parameter_supported: namesIssuer,
      ...(endSession && { end_session_endpoint: endSession }), ...(revocation && { revocation_endpoint: revocation }),
    },
  }
}

// A clock of this computer that is wrong by hours must not keep anybody out: the server's is asked.
const clientOf = ({ clientId }: Provider): oauth.Client => ({
  client_id: clientId, [oauth.clockSkew]: Math.round((serverNow() - Date.now()) / 1000), [oauth.clockTolerance]: 60,
})

const optionsOf = ({ issuer }: Provider) => ({ [oauth.allowInsecureRequests]: issuer.startsWith('http:'), signal: AbortSignal.timeout(20_000) })

/** How to ask for an access token for the API: there are two ways, and providers pass over the one they do not know. */
function audienceOf({ audience }: Provider): Record<string, string> {
  if (!audience) return {}
  return /^https?:/.test(audience) ? { audience, resource: audience } : { audience }
}

const redirectUri = () => window.location.origin + CALLBACK

function accountOf(provider: Provider, tokens: oauth.TokenEndpointResponse, kept: Account | null): Account {
  const claims = oauth.getValidatedIdTokenClaims(tokens)
  const token = provider.audience ? tokens.access_token : tokens.id_token
  if (!token) throw new Over(`${hostOf(provider)} gave no new token. ${AGAIN}`)
  const now = Date.now()
  const holds = provider.audience ? (tokens.expires_in ?? 300) : claims!.exp - claims!.iat
  return {
    id: kept?.id ?? crypto.randomUUID(),
    name: String(claims?.['name'] ?? claims?.['email'] ?? kept?.name ?? claims?.sub ?? ''),
    token, renewal: tokens.refresh_token ?? kept?.renewal ?? null, issuer: provider.issuer, renewedAt: now, expiresAt: now + holds * 1000,
  }
}

function takeBegun(state: string | null): Begun | null {
  try {
    const begun = JSON.parse(sessionStorage.getItem(BEGUN + state) ?? 'null') as Begun | null
    sessionStorage.removeItem(BEGUN + state)
    return begun
  } catch {
    return null
  }
}

/** Of the sign-ins that were begun here and never ended. */
function forgetBegun() {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(BEGUN)) sessionStorage.removeItem(key)
}

/** What went wrong, for people. */
function inWords(error: unknown): Error {
  if (error instanceof oauth.AuthorizationResponseError) {
    if (error.error === 'access_denied') return new Error('The sign-in was cancelled. Nothing was changed.')
    return new Error(`The provider refused the sign-in: ${error.error_description ?? error.error}.`)
  }
  if (error instanceof oauth.ResponseBodyError) return new Error(`The provider refused the sign-in: ${error.error_description ?? error.error}. ${AGAIN}`)
  const code = (error as { code?: string }).code
  if (code === 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED') return new Error('The clocks of this server and of the provider differ too much. Have them set right, and sign in again.')
  if (code === 'OAUTH_JWT_CLAIM_COMPARISON_FAILED' || code?.startsWith('OAUTH_INVALID_RESPONSE')) {
    return new Error(`The answer does not belong to this sign-in, and was not used. ${AGAIN}`)
  }
  if (error instanceof TypeError || (error as Error).name === 'TimeoutError') return new Error('The provider could not be reached. Check your connection, and sign in again.')
  return new Error(`The sign-in failed: ${(error as Error).message}. ${AGAIN}`)
}
