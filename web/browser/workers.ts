/** How many test files run at once, each beside a program of its own. */
export const WORKERS = 2
