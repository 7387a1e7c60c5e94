// Package budget bounds the use of callers: how often, and how much at once. Rates
// holds a token bucket for each name. Ledger counts current use, on several
// accounts at once. Both are bounded themselves, and in neither can many new names
// take anything from known names: see Rates.
package budget
