package demo

// visitors are the contacts' names.
func visitors() []string {
	return []string{
		"Lena Fischer", "Jonas Meyer", "Priya Nair", "Carlos Ortega", "Yuki Sato", "Fatima Zahra", "Liam Walsh",
		"Zoë Janssens", "Noah Schmidt", "Amélie Dubois", "Kofi Mensah", "Ingrid Solberg", "Pavel Novák", "Grace Kim",
		"Hugo Almeida", "Nadia Rahimi", "Theo Papadakis", "Maja Kowalska", "Ravi Shah", "Elif Yılmaz",
	}
}

// topic is the subject of a conversation.
type topic struct{ subject, asks, answer string }

func topics() []topic {
	return []topic{
		{"Order has not arrived", "My order was to be here on Monday and the tracking has not moved since.", "I see it at the carrier's depot; I have asked them to hurry and will tell you tonight."},
		{"Wrong size delivered", "I ordered a medium jacket and got a small one.", "Sorry about that. A medium leaves today, and a return label is on its way to you."},
		{"Refund for a cancelled order", "I cancelled last week but the money is not back yet.", "The refund went out this morning; your bank needs two to three days."},
		{"Cannot sign in", "The reset e-mail never arrives.", "It went to an old address. I have corrected it and sent a new one."},
		{"Invoice with our VAT number", "Could you put our VAT number on the invoice?", "Done: the corrected invoice is attached to your account."},
		{"Does the tent fit four people?", "We are two adults and two kids, does the Ridge 4 fit all of us with bags?", "Four sleep well in it; bags go into the porch, which is two metres deep."},
		{"Discount code refused", "The code SPRING says it is not valid.", "It needs a basket over 50; yours is at 47. I have made an exception."},
		{"Change of address", "I moved, can the parcel go to my new place?", "Yes, it has not left yet. I changed the address."},
		{"Zip broken after a month", "The zip of the sleeping bag came off.", "That is a warranty case. Please send one picture, and a new bag is yours."},
		{"Order for a whole team", "We want 40 shirts with our logo, what would that cost?", "At 40 pieces you get 15 percent off; here is the offer."},
	}
}

func small() []string {
	return []string{"Thank you!", "That was quick.", "One more thing: can I pick it up myself?", "Is there anything I have to do?", "Perfect, thanks."}
}
