# Communications that are read in IO, fetched from us: as a text and as a document.
remote-title = Message about request { $number }
remote-closing = This is the message of { $day } about your request { $number }. If you have questions, write to { $organisation } and give the number.
remote-goes-on = The text continues in the attached document.
remote-left-out = These files cannot be shown here: { $names }. You find them in the message you received, or you can ask { $organisation } for them.
document-letter-title = Message about request { $number }
document-letter-number = Request
document-letter-written = Date
document-letter-subject = Subject
document-letter-text = Text
document-letter-files = Files of the message
document-letter-attached = { $name } (attached to the message, too)
document-letter-automatic = Produced automatically: it repeats the text of the message as it is on record.
