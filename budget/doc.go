// Package budget bounds what callers may use: how often, and how much at once.
//
// Rates holds a token bucket for each name. Ledger counts what is held now, on
// several accounts at once. Both are bounded themselves, and neither lets many
// new names take anything from those that are known: see Rates.
package budget
