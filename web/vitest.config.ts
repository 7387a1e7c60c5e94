import { defineConfig } from 'vitest/config'

// Tests in browser/ drive a whole program, and have a config of their own. A busy machine is slow: the time only ends what hangs.
export default defineConfig({ test: { include: ['{src,client,scripts}/**/*.test.{ts,tsx,mjs}'], testTimeout: 60_000, expect: { poll: { timeout: 20_000 } } } })
