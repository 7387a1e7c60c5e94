package budget

// bufferStep is the step, in bytes, in which a Buffer counts. Less than one step is
// part of the fixed size.
const bufferStep = 16 << 10

// Buffer counts something of a fixed size together with bytes that come and go, such
// as a subscription and the messages that wait to be sent for it. It is not safe for
// concurrent use. The zero value has no hold and counts nothing.
type Buffer struct {
	hold  *Hold
	fixed int64
	steps int
}

// NewBuffer returns a buffer over hold, which counts fixed bytes already.
func NewBuffer(hold *Hold, fixed int64) Buffer { return Buffer{hold: hold, fixed: fixed} }

// Set counts that so many bytes wait. It returns false, and changes nothing, when
// there is no room for them.
func (b *Buffer) Set(bytes int) bool {
	n := bytes / bufferStep
	if n == b.steps {
		return true
	}
	if !b.hold.Resize(b.fixed + int64(n)*bufferStep) {
		return false
	}
	b.steps = n
	return true
}

// Rebase changes the fixed size, with nothing that waits. It returns false, and
// changes nothing, when there is no room for it.
func (b *Buffer) Rebase(fixed int64) bool {
	if !b.hold.Resize(fixed) {
		return false
	}
	b.fixed, b.steps = fixed, 0
	return true
}

// Close gives back everything that the buffer counts.
func (b *Buffer) Close() { b.hold.Close() }
