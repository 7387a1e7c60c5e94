package contacts

import (
	"cmp"
	"slices"
	"strings"

	"switchboard/inbox"
)

// Visible returns e without texts that look empty: those remove the stored value.
// Numbers are brought into the form that is stored.
func (e ContactEdit) Visible() ContactEdit {
	for _, text := range []**string{&e.Name, &e.Email, &e.Phone} {
		if *text != nil {
			shown := inbox.Visible(**text)
			*text = &shown
		}
	}
	if e.Phone != nil {
		plain := plainPhone(*e.Phone)
		e.Phone = &plain
	}
	e.Attributes = seenAttributes(e.Attributes)
	return e
}

func seenAttributes(all []inbox.Attribute) []inbox.Attribute {
	all = slices.Clone(all)
	for i := range all {
		all[i].Value = inbox.Visible(all[i].Value)
	}
	return all
}

// check returns INVALID_INPUT for values that cannot be stored for a contact. in is
// the path of the input, such as "contact.", or empty.
func (e ContactEdit) check(in string) error {
	err := cmp.Or(
		inbox.CheckLength(in+"name", deref(e.Name), inbox.MaxSubject),
		inbox.CheckOneLine(in+"name", deref(e.Name)),
		checkEmail(in+"email", deref(e.Email)),
		checkPhone(in+"phone", deref(e.Phone)),
		checkAttributes(in+"attributes", e.Attributes),
	)
	return err
}

func deref(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

// checkEmail takes an address, or none.
func checkEmail(field, email string) error {
	if err := inbox.CheckLength(field, email, inbox.MaxSubject); err != nil || email == "" {
		return err
	}
	return inbox.CheckEmail(field, email)
}

// maxPhone bounds the length of a number that is parsed, in bytes.
const maxPhone = 50

// plainPhone removes from a number the separators between its digits, and the zero
// in brackets that is dialled only within the country.
func plainPhone(phone string) string {
	if len(phone) > maxPhone {
		return phone
	}
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -.()/", r) {
			return -1
		}
		return r
	}, strings.Replace(phone, "(0)", "", 1))
}

// checkPhone takes none, or a number as E.164 has it: a plus, and 7 to 15 digits of
// which the first is none. Whether somebody has that number is not asked.
func checkPhone(field, phone string) error {
	digits, plus := strings.CutPrefix(phone, "+")
	switch {
	case phone == "":
		return nil
	case !plus || len(digits) < 7 || len(digits) > 15 || digits[0] == '0' || strings.Trim(digits, "0123456789") != "":
		return inbox.Invalid(field, "%s is not a phone number in international form. Write it with a plus and the country code, like +49 30 1234567.", field)
	}
	return nil
}

// checkAttributes takes attributes to set or remove; each key once.
func checkAttributes(field string, all []inbox.Attribute) error {
	if len(all) > MaxAttributes {
		return inbox.Invalid(field, "%s has %d entries; at most %d are allowed.", field, len(all), MaxAttributes)
	}
	known := map[string]bool{}
	for _, a := range all {
		err := cmp.Or(
			inbox.CheckLine(field+".key", a.Key, MaxAttributeKey), inbox.CheckCharacters(field+".value", a.Value),
		)
		switch {
		case err != nil:
			return err
		case len(a.Value) > MaxAttributeValue:
			return inbox.Invalid(field+".value", "The value of %q has %d bytes; at most %d are allowed.", a.Key, len(a.Value), MaxAttributeValue)
		case known[a.Key]:
			return inbox.Invalid(field, "%s names %q twice.", field, a.Key)
		}
		known[a.Key] = true
	}
	return nil
}

// checkKept gives INVALID_INPUT for a contact that would hold too much.
func checkKept(c inbox.Contact, field string) error {
	if n := len(c.Attributes); n > MaxAttributes {
		return inbox.Invalid(field, "The contact would have %d attributes; at most %d are allowed. Remove some by an empty value.", n, MaxAttributes)
	}
	return nil
}
