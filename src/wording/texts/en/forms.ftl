# The four steps of a form.
form-steps = Steps of the form
form-step-of = Step { $step } of 4
form-step-1 = Privacy
form-step-2 = Details
form-step-3 = Contacts
form-step-4 = Summary
form-step-done = done
form-errors = Please check what you entered
form-required = Fields marked with an asterisk (*) are required.
form-optional = optional
form-next = Continue
form-back = Back
form-send = Send
form-edit = Change
form-from-today = From today onwards.
form-choose = Choose
form-trap = Leave this field empty
form-saving = Saving…
form-saved = What you have written is saved.
form-unsaved = We cannot save at the moment: stay on this page, we will try again by ourselves in a few seconds.
form-offline = You are offline: stay on this page, we will save as soon as the connection is back.

# Saving, and going on later.
form-resume = Save and continue later
form-resume-text = { $days ->
    [one] We send you a link to continue from here. We keep what you have written for one day.
   *[other] We send you a link to continue from here. We keep what you have written for { $days } days.
}
form-resume-address = Your email address
form-resume-button = Save and send me the link
form-resume-told = Saved. If the address is right, you will receive a message with the link shortly. If it does not arrive, look in your spam folder.
form-lost-title = This link is no longer valid
form-lost-text = { $days ->
    [one] It may be incomplete, or more than a day has passed since you wrote: after that time we delete what was not sent.
   *[other] It may be incomplete, or more than { $days } days have passed since you wrote: after that time we delete what was not sent.
}
form-lost-begin = Start again
form-lost-track = Have you already sent the request? Follow it with number and code

# Privacy.
form-privacy-text = { $organisation } uses what you write here only to handle your request and to answer you.
form-privacy-link = Open the privacy notice in another tab
form-privacy-read = Read the privacy notice here
form-privacy-tick = I have read and understood the privacy notice

# Data.
form-limit = At most { $n } characters.
form-left = Characters left:
form-code-missing = I do not have the code at hand
form-map = Map: tap the exact spot. The address alone is enough.
form-position = Position
form-position-here = Use your position
form-position-wait = Looking for your position…
form-position-failed = Your position is not available: the address alone is enough.
form-position-known = Position given.
form-position-none = No position given: the address alone is enough.
form-position-forget = Remove the position
form-position-photo = Use the position of the photo “{ $name }”
form-files = Files
form-files-hint = Photos (JPEG, PNG, WebP), PDF or office documents: at most { $most } files, up to { $megabytes } MB each and 25 MB in total.
form-files-keep = Upload
form-files-kept = Uploaded files
form-files-remove = Remove

# Contacts.
form-contacts-text = If you leave us a contact, we can tell you how your request is going.
form-contacts-reachable = To answer you we need your email address or your postal address: one of the two is enough.
form-contacts-none = About you
form-contacts-none-text = You have left nothing.
form-contact-name = First name
form-contact-surname = Surname
form-contact-surname-hint = For a company or a condominium, write its name here and leave the first name empty.
form-contact-fiscal_code = Italian tax code (codice fiscale) or VAT number
form-contact-fiscal_code-hint = The tax code has 16 characters and is on your health card; the VAT number has 11 digits.
form-contact-email = Email address
form-contact-email-hint = This is where the receipt and the link to follow your request go.
form-contact-postal_address = Postal address
form-contact-phone = Telephone
form-contact-phone-hint = We use it only if this request makes it necessary.
form-told-by = How would you like to be told?
form-told-by-mail = By email
form-told-by-io = With the IO app
form-told-by-nothing = Do not tell me: I will look myself
form-language = In which language shall we write to you?

# Summary.
form-check = What you have stated counts as a declaration. Please check that it is correct.
form-recipient = Recipient: { $recipient }
form-then = What happens next
form-then-text = Once it is sent you get a number and a code to follow the request; one of our staff reads it and answers you.
form-then-first = Without a name or an address, one of our staff reads it first: keep the link of the confirmation page, which shows number and code once the request is taken up.
form-terms = I confirm that what I have stated is true and complete, as far as I know

# What is known of the place already.
near-title = We may know about this already
near-text = If it is the same thing, there is no need to write again: you can follow it and receive the updates. Followers see nobody’s data.
near-notice = Notice:
near-notice-general = Notice for the whole area, it may concern you:
near-same-street = in the same street
near-close = a few steps away
near-follow = Follow this one
near-email = Your email address, for the updates

# The receipt.
sent-title-accepted = Request sent
sent-title-unconfirmed = Only your confirmation is missing
sent-title-held = Request received
sent-title-discarded = This request was not accepted
sent-number = The number of your request is
sent-code = The code to follow it is
sent-text-accepted = Thank you: we have received your request. One of our staff reads it and answers you.
sent-text-unconfirmed = We have sent you a message: open the link and press “Confirm and send”. Only then is the request registered; the time for the answer runs from now all the same. If the message does not arrive, look in your spam folder.
sent-unconfirmed-to = The message is for { $email }.
sent-text-held = Thank you: we have received your form. A person reads it before it becomes a request, so for now it has neither a number nor a code. The time for the answer runs from now all the same.
sent-here = Keep the address of this page: once the request is registered you will find its number, its code and the page to follow it here.
sent-here-link = The link to this page
sent-text-discarded = Too much time has passed without the address being confirmed, or our staff have not accepted it. If you still need it, you can write a new one.
sent-mail-sent = We are writing to { $email }: the message holds the link to follow the request and, if the address is not confirmed yet, the button to confirm it. Until you confirm we write nothing else to you unless you ask us to. If we have written to you a short while ago, confirm from that message: it counts for all your requests. Keep the number and the code all the same.
sent-mail-unwanted = You have chosen not to receive messages: keep the number and the code, you need them to follow the request.
sent-mail-impossible = Keep the number and the code: you need them to follow the request. For now we cannot send them to you by email.
sent-mail-none = You have left no email address: keep the number and the code, you need them to follow the request.
sent-track = Follow the request
sent-print = Print
sent-again = Write another request
sent-rating = How easy was it to use this service?
sent-rating-legend = From 1 (not at all) to 5 (very)
sent-rating-note = Would you like to tell us more? (optional)
sent-rating-send = Send the rating
sent-rating-thanks = Thank you: your rating helps us to improve.
sent-rating-wrong = Choose a number from 1 to 5.

# What is wrong with an answer, and what to do. $n is a number.
problem-missing = This field is required: write or choose an answer.
problem-too-long = The text is too long: please shorten it to { $n } characters at most.
problem-choice = Choose one of the answers offered.
problem-email = The email address is not valid: write it in full, for example name@example.com.
problem-email-dot = The email address is missing its end after the @ sign: for example “.it” in name@example.it.
problem-email-quoted = The email address cannot contain quotation marks, square brackets or a number in place of the domain: write one like name@example.it.
problem-email-or-postal = Write your email address or your postal address: we need it to answer you.
problem-fiscal-code-length = The tax code has 16 characters and the VAT number 11 digits: check that you have written all of them.
problem-fiscal-code-letters = In the tax code a letter stands in place of a digit, or the other way round: compare it with your health card.
problem-fiscal-code-month = The ninth character of the tax code, the month of birth, is not possible: compare it with your health card.
problem-fiscal-code-day = The day of birth in the tax code (tenth and eleventh character) is not possible: compare it with your health card.
problem-fiscal-code-check = The last letter of the tax code does not match the others: something is mistyped. Compare it with your health card.
problem-vat-check = The last digit of the VAT number does not match the others: something is mistyped. Please check it.
problem-phone = The telephone number is not valid: write only digits, spaces and the + sign, for example 030 123456.
problem-phone-short = The telephone number is too short: write it in full, with the area code, for example 030 123456.
problem-phone-long = The telephone number is too long: it has 15 digits at most. Write only one.
problem-iban = The IBAN is not valid: an Italian one has 27 characters and begins with IT. Copy it from your bank statement.
problem-date = The date is not valid: write day, month and year.
problem-date-past = The date is in the past: choose today or a day to come.
problem-amount = The amount is not valid: write it in euro, for example 125,50.
problem-count = Write a whole number, at most { $n }.
problem-place = Write street and number, or a spot that can be recognised: for example via Solferino 12.
problem-position = The position is not valid: give latitude and longitude together, in degrees, for example 45.5392 and 10.2206.
problem-user-code = The code may hold only letters, digits and hyphens: copy it from the payment notice.
problem-control = There are characters that cannot be seen, perhaps copied from another program: delete the text and write it again.
problem-name = Write a name with at least one letter.
problem-files-missing = Add at least one file: choose a photo or a document and press “Upload”.
problem-tick = To continue, please tick the box.
problem-empty-answer = Write something or add a file, then send.
problem-contest-reason = Write what is still wrong: we need it to act.
problem-no-address = You have left no email address: choose another way.
problem-no-fiscal-code = For messages on the IO app we need your tax code, which you have not given us: choose another way.
problem-banned = We cannot take requests from here at the moment. If you think this is a mistake, write to us by post or come to our office: we will be glad to listen.
problem-banned-phone = We cannot take requests from here at the moment. If you think this is a mistake, call us on { $phone }: we will be glad to listen.
problem-anonymous = For this request we need at least your name or an email address.
problem-code-missing = Write the code, or say that you do not have it at hand.
problem-files-many = There are too many files, or they are too large together: at most 10 files and 25 MB.
problem-files-today = Too many files have come from this network today: send your request without attachments, or try again tomorrow. What you wrote is saved.
