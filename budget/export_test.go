package budget

// Limit bounds the buckets otherwise.
func (r *Rates) Limit(most int) { r.most = most }
