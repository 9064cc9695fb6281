# The receipt of a submission, as PDF.
document-receipt-title = Receipt of your request
document-receipt-title-number = Receipt of request { $number }
document-receipt-intro = { $organisation } has received your request. Please keep this receipt: you need it to follow your request.
document-receipt-number = Number
document-receipt-code = Code
document-receipt-kind = Type of request
document-receipt-received = Received on
document-receipt-due = Reply due by
document-receipt-tracking = Follow your request
document-receipt-follow = At this address you can see how far your request has got and add information. Anyone who has the address can read it: please do not share it.
document-receipt-follow-code = At this address you can see how far your request has got and add information. The number and the code will do as well. Anyone who has them can read your request: please do not share them.
document-receipt-answers = What you wrote to us
document-receipt-files = Attachments
document-receipt-automatic = This document was produced automatically.
document-page = Page
