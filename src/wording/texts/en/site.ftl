# The frame of the portal.
site-name = Online waste service desk
site-brand = Online desk of { $organisation }
site-slim = Municipal waste management service
site-languages = Language
site-skip-main = Skip to content
site-skip-footer = Skip to footer
site-phone = Prefer to call?
site-phone-short = Telephone
site-nav = Main
site-nav-home = Services
site-nav-track = Follow a request
site-nav-notices = Notices
site-nav-list = Reports
site-preview = Preview: the desk is closed and citizens do not see it.
site-contacts = Contacts
site-privacy = Privacy notice
site-accessibility = Accessibility statement
site-legal = Legal notes
site-licences = Component licences
site-error = Error:
site-home-link = Back to the first page
site-breadcrumb = Breadcrumb
site-home = Online desk
site-choose-title = Choose your operator
site-to-complete-phone = **[To be completed by the organisation: telephone number.]**

# What went wrong.
site-failed-title-not-found = Page not found
site-failed-text-not-found = The address is wrong, or what you are looking for is no longer there.
site-failed-title-foreign = Request stopped for safety
site-failed-text-foreign = The request comes from another site. Open our site and try again from there.
site-failed-title-conflict = Something has changed meanwhile
site-failed-text-conflict = Go back to the page, check and try again.
site-failed-title-too-large = Too much data
site-failed-text-too-large = Go back to the page, shorten the text or remove some files, and try again.
site-failed-title-unreadable = The form did not arrive whole
site-failed-text-unreadable = Go back to the page, reload it and try again.
site-failed-title-wait = One moment, please
site-failed-text-wait = Many requests are coming in. Please try again shortly.
site-wait-text = { $minutes ->
    [one] Many requests have come in a short time. Try again in a minute: go back in your browser and you will find what you wrote.
   *[other] Many requests have come in a short time. Try again in { $minutes } minutes: go back in your browser and you will find what you wrote.
}
site-wait-phone = If you are in a hurry, call:
site-failed-title-later = It is not possible to go on right now
site-failed-text-later = Try again in a few minutes. If you were sending something, it was not registered.
site-failed-title-ours = Something did not work
site-failed-text-ours = It is not your fault. Try again in a few minutes; if it happens again, please let us know.
site-failed-reference = Number to quote:
site-failed-again = Go back to the page and try again
site-files-too-much = There are too many files, or they are too large together: at most 10 files and 25 MB in all. Those that fit are saved.

# The first page, and the cards of the services.
site-home-title = What would you like to do?
site-home-notices = Current notices
site-home-services = Services
site-home-begin = Start
site-home-card = How it works
site-home-track = Follow your request
site-home-track-text = With the number and code you were given you see where it stands, add information or photos and read the answers.
site-home-urgent = Immediate danger? Call 112.
site-home-none = No request can be sent from here at the moment.
site-service-active = Service available
site-service-begin = Fill in the form
site-service-contacts = Do you need help?
site-service-all = All services
card-addressed = Who it is for
card-addressed-text = Everybody who uses the waste service, people and businesses, also those who do not pay the waste tax themselves.
card-description = Description
card-description-text = Write to us: your request is registered under a number and you get an answer.
card-how-to = How to do it
card-how-to-text = Fill in the form in four steps: privacy, details, contacts, summary. You can save it and go on later. No account is needed. If you prefer, you can call.
card-needed = What you need
card-needed-text = Have at hand:
card-needed-photos = Photos or documents, if you have any
card-needed-fiscal-code = Tax code (codice fiscale)
card-achieved = What you get
card-achieved-text = A number, a receipt and a written answer. You can follow the request and add information at any time.
card-times = How long it takes
card-times-text = We answer as soon as possible.
card-times-days = { $n ->
    [one] We answer within one working day.
   *[other] We answer within { $n } working days, counted from the day after sending.
}
card-times-hours = { $n ->
    [one] We are there within one hour.
   *[other] We are there within { $n } hours.
}
card-costs = Costs
card-costs-text = The service is free.
card-conditions = Conditions
card-conditions-text = What you tell us counts as a declaration. Personal data are used only to handle the request: see the privacy notice.

# Notices of disruption.
site-notices-title = Service notices
site-notices-current = Current notices
site-notices-over = Recently over
site-notices-none = There are no notices: the service is regular.
site-notices-more = { $count ->
    [one] And one more notice
   *[other] And { $count } more notices
}
site-notices-feed = Get the notices in a feed reader (Atom)
site-notice = Notice:
site-notice-restored = Over
site-notice-withdrawn = This notice was withdrawn: it had been published by mistake.
site-notice-from = From
site-notice-until = Until
site-notice-unknown-end = End not yet known
site-notice-restored-at = Service restored on
site-notice-where = Where
site-notice-everywhere = The whole area served
site-notice-text = What is happening
site-notice-impact = What it means for you
site-notice-alternatives = What you can do
site-notice-history = History of the notice
site-notice-signed = Notice by { $organisation }
site-change-published = Notice published
site-change-changed = Notice updated
site-change-restored = Service restored
site-change-withdrawn = Notice withdrawn
site-field-title = title
site-field-text = what is happening
site-field-impact = what it means for you
site-field-alternatives = what you can do
site-field-streets = where
site-field-starts_at = start
site-field-ends_at = end
site-field-before = It used to say:
site-feed-title = Notices by { $organisation }
site-follow-notice = Would you like to know when the service resumes?
site-follow-email = Your email address
site-follow-hint = We send you a message to confirm, and then only the updates.
site-follow-button = Tell me
site-follow-title = Follow the updates
site-follow-done-title = Nearly done: confirm from your mailbox
site-follow-done = You have asked to follow something we already know about. What happens next:
site-follow-next-mail = If the address is right, you will shortly receive one message, and only one. If it does not arrive, look in your spam folder; if you have had it already, that one is still good.
site-follow-next-press = Open the link in the message and press “Confirm”.
site-follow-next-told = From then on we write to you when there is news. You can stop at any time.
site-follow-no-form = If you had started a form, there is no need to send it.
site-follow-wrong = Write an email address, such as name@example.com.

# Published reports.
site-list-title = Published reports
site-list-text = These are the reports that we have made public, without personal data.
site-list-none = There are no published reports at the moment.
site-list-map = Map of the latest published reports
site-list-closed = Solved
site-list-new = Received
site-list-open = In progress
site-list-published = Published on
site-list-previous = Newer
site-list-next = Older
site-list-pages = Pages of the list

# Into the tracking page.
site-track-title = Follow a request
site-track-text = The easiest way is to open the link we sent you. Otherwise enter the number and the code from the receipt.
site-track-number = Number of the request
site-track-number-hint = For example 2026/000123
site-track-code = Code
site-track-code-hint = Eight letters, for example BCDF-GHJK
site-track-open = Open
site-track-wrong = Number and code do not match. Check them on the receipt, or have the link sent again.
site-track-again-title = Lost the link?
site-track-again-text = We send it again to the email address you used for the request.
site-track-again-email = Email address of the request
site-track-again-button = Send me the link
site-track-again-sent = If the number and the address belong to a request, a message with the link will reach you shortly. If it does not arrive, look into your junk mail.
site-track-number-wrong = Write the number as on the receipt, for example 2026/000123.
site-track-renewed = If the address of the request is confirmed, you will shortly receive a message with a new link and a new code: the old ones no longer open anything. If it does not arrive, look in your spam folder.
site-track-lost-title = This link is no longer valid
site-track-lost-text = It may be incomplete or replaced by a newer one, or the request has been closed for long. You can have a new one sent, or enter with number and code.
site-track-lost-new = If the request has been closed for long, please write a new one.

# The tracking page.
site-track-request = Request { $number }
site-track-followed = Report that you follow
site-track-received = Received on
site-track-state = Where it stands
site-state-new = Received
site-state-new-text = It is registered. An operator will take it up.
site-state-in-progress = In progress
site-state-in-progress-text = An operator is working on it.
site-state-waiting = Waiting for a reply
site-state-waiting-text = We have asked for some information: when it arrives, we go on.
site-state-closed = Closed
site-state-closed-text = Our work on this request is done.
site-state-withdrawn = Withdrawn
site-state-withdrawn-own = Withdrawn by you
site-state-withdrawn-text = The request was withdrawn: we have closed it and are not working on it any more.
site-track-due = Answer by { $day }
site-track-due-hours = On site by { $day }
site-track-late = The answer was due by { $day }: we are late, and we are sorry.
site-track-closed-at = Closed on { $day }
site-track-withdrawn-at = Withdrawn on { $day }
site-track-steps = What has happened
site-step-received = Request received and registered
site-step-in-progress = Taken up
site-step-waiting = Information asked for
site-step-closed = Closed
site-step-reopened = Reopened
site-step-replied = We answered you
site-step-contested = You told us that it is not solved
site-step-withdrawn = You withdrew the request
site-step-confirmed = You confirmed your address
site-step-explained = Linked to a service notice
site-step-due-changed = Kind of request changed: the due date may differ
site-track-letters = Messages
site-track-no-letters = There are no messages yet.
site-track-you = You
site-track-files = Attachments
site-track-photos = Photos
site-track-picture = Open the photo { $name }
site-track-answer = Add something
site-track-answer-text = Your message
site-track-answer-closed = The request is closed: if you write to us here, we reopen it and an operator reads your message.
site-track-answer-files = Photos and documents
site-track-answer-files-hint = JPEG, PNG, WebP, PDF or office documents; up to 15 MB each, 10 files in all.
site-track-answer-kept = Files already uploaded
site-track-answer-remove = Remove
site-track-answer-keep = Upload the files
site-track-answer-send = Send
site-track-contest = Not solved?
site-track-contest-text = If the problem is still there, tell us here by { $day }: we reopen the request, and the operator sees that we had closed it before. Until then this box is all you need to reopen it.
site-track-contest-reason = What is still wrong?
site-track-contest-button = It is not solved
site-track-withdraw = Withdraw the request
site-track-withdraw-text = If the problem is gone or you have changed your mind, you can withdraw the request: we close it without an answer.
site-track-withdraw-title = Withdraw request { $number }?
site-track-withdraw-reason = Would you like to tell us why? (optional)
site-track-withdraw-button = Yes, withdraw the request
site-track-withdraw-back = No, back to the request
site-track-receipt = Download the receipt (PDF)
site-track-tell = How would you like to be told
site-track-tell-mail = By email
site-track-tell-io = In the IO app
site-track-tell-io-mail = If IO cannot reach you, we write to you by email, if you have confirmed your address. You find the updates on this page in any case.
site-track-tell-io-page = If IO cannot reach you, you still find the updates on this page.
site-track-tell-nothing = Do not tell me: I look here
site-track-tell-save = Save the choice
site-track-confirm-title = Confirm your address
site-track-confirm-text = Press the button to tell us that this email address is yours: only then do we write you the updates.
site-track-confirm-button = Confirm
site-track-unconfirmed = News by email only goes to a confirmed address: if you have not confirmed yours yet, open the link in the message we sent you and press “Confirm”.
site-track-notices = A notice may explain it
site-track-withdrawn-already = You have already withdrawn this request. What you have just written was not sent: you find it below.
site-track-unsent = What you wrote was not sent
site-track-unsent-text = The request was closed some time ago and takes no more messages. If you need to, copy the text into a new request.
site-track-meanwhile = The request has changed meanwhile: see where it stands and try again if needed.
site-track-errors = Check what you entered
site-track-private = This page is yours alone: do not share its address.
site-track-renew = Has somebody else got hold of your link? Ask for a new one
site-track-renew-text = We send a new link and a new code to the email address that you have confirmed. From then on the present ones no longer open anything, not even this page.
site-track-renew-button = Send me a new link
site-done-risposta = Message sent. You find it below.
site-done-contesta = We take care of it again: the request is reopened.
site-done-ritira = The request is withdrawn.
site-done-avvisi = Choice saved.
site-done-conferma = Address confirmed: from now on we write you the updates.
site-done-valutazione = Thank you: your rating helps us to improve.
site-track-notice-title = Notice that you follow
site-track-notice-open = We write to you when the service resumes, and if the notice changes in a way that matters.
site-track-notice-open-confirm = Once you have confirmed your address, we write to you when the service resumes, and if the notice changes in a way that matters.

# Confirming a request before it is registered.
site-confirm-title = Confirm your request
site-confirm-text = Somebody filled in a request with this email address. If it was you, press the button: the request is registered, and the time for an answer runs from when you sent it.
site-confirm-not-you = If it was not you, close this page: nothing happens.
site-confirm-button = Confirm and send
site-confirm-held-title = The request has arrived
site-confirm-held-text = A person reads it before it is registered. It does not have a number yet: we will write to you with it.
site-confirm-gone-title = This request is no longer there
site-confirm-gone-text = It was not confirmed for too long, or it was not accepted. You can write a new one.
