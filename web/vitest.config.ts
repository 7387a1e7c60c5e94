import { defineConfig } from 'vitest/config'

// Tests in browser/ drive a whole program, and have a config of their own.
export default defineConfig({ test: { include: ['{src,client,scripts}/**/*.test.{ts,tsx,mjs}'] } })
