# Letters that leave by themselves.

letter-greeting = Hello,
letter-closing =
    This message was sent automatically. To reply or to add something to a request, please use its page.

    { $organisation }

letter-received-subject = We have received your request [{ $number }]
letter-received =
    We received your request on { $received } and registered it under number { $number }.

    What happens next: a member of our staff reads it and replies to you.
    By when: our reply is due by { $due }.
letter-received-notices =
    { $n ->
        [one] There is a notice that may explain what you are reporting:
       *[other] There are notices that may explain what you are reporting:
    }
    { $notices }
    We will write to you when the service is back.
letter-received-notices-confirm =
    { $n ->
        [one] There is a notice that may explain what you are reporting:
       *[other] There are notices that may explain what you are reporting:
    }
    { $notices }
    Once you have confirmed your address, we will write to you when the service is back.
letter-received-notices-general =
    { $n ->
        [one] A notice for the whole area is in force and may concern you:
       *[other] Notices for the whole area are in force and may concern you:
    }
    { $notices }
    To hear when the service is back, you can follow it on its page.
letter-received-follow = Follow your request, add information or withdraw it on this page, which is yours alone: { $link }
letter-received-confirm = Confirm your address: open this page, which is yours alone, and press “Confirm”. Until then we will not write to you again unless you ask us to: { $link }
letter-received-more =
    To add something you can also reply to this message: your words will join the same request.
    If you did not send this request, there is nothing you need to do.
letter-received-closing =
    This message was sent automatically.

    { $organisation }

letter-resume-subject = Continue your request
letter-resume =
    You asked us to save a request so that you can finish it later. Continue where you left off:
    { $link }

    The request has not been sent yet. Do not share this address with others: it shows what you wrote.
    If it was not you who asked, there is nothing you need to do.

letter-confirm-subject = Confirm your address to send the request
letter-confirm =
    Somebody filled in a request and gave this address. To send it, open the page and press “Confirm”:
    { $link }

    Until you confirm, the request is not registered.
    If it was not you, there is nothing you need to do.

letter-link-subject = The link to your request [{ $number }]
letter-link =
    Here is the link to follow request { $request }:
    { $link }

    You can also enter number { $number } and code { $code } on the page “Follow a request”.

    The link and the code are yours alone: do not share them. If it was not you who asked for them, there is nothing you need to do.
letter-link-notice-subject = The link to the notice you follow
letter-link-notice =
    Here is the link to manage the updates on the notice “{ $title }”:
    { $link }

    If it was not you who asked for it, there is nothing you need to do.

letter-follow-subject = Confirm that you want to follow report [{ $number }]
letter-follow =
    Somebody asked to receive updates on report { $request } at this address. If it was you, open the page and press “Confirm”:
    { $link }

    Until you confirm, we will not write to you again unless you ask us to. If it was not you, there is nothing you need to do.
letter-follow-notice-subject = Confirm that you want to follow the notice
letter-follow-notice =
    Somebody asked to receive updates on the notice “{ $title }” at this address. If it was you, open the page and press “Confirm”:
    { $link }

    Until you confirm, we will not write to you again unless you ask us to. If it was not you, there is nothing you need to do.

letter-update-subject = Update on request [{ $number }]
letter-update =
    There is news about a request you follow: { $request }.

    { $what }

    You will find all the details, and the choice to stop receiving these messages, on this page, which is yours alone:
    { $link }
letter-update-taken-up = The request has been taken up: a member of our staff is working on it. The reply is due by { $due }.
letter-update-waiting = The request is waiting for information from the person who sent it.
letter-update-closed = The request has been closed.
letter-update-closed-contest = The request has been closed. If the problem is still there, you can press “It is not solved” on its page by { $until }: we will reopen it.
letter-update-reopened = The request has been reopened: a member of our staff is working on it again.

letter-answer-closes = With this reply your request is closed.
letter-answer-closes-contest = If the problem is still there, by { $until } press “It is not solved” on the page of the request, which is yours alone: { $link }
letter-answer-closes-page = The page of the request, which is yours alone: { $link }

letter-restored-subject = Service restored: { $title }
letter-restored = The disruption announced in the notice “{ $title }” ended on { $day }.

letter-changed-subject = Notice updated: { $title }
letter-changed = We have updated the notice “{ $title }”, which you follow. It now says:
letter-changed-where =
    From: { $from }
    Until: { $until }
    Where: { $streets }
letter-changed-unknown-end = not known yet
letter-changed-everywhere = the whole area we serve

letter-notice-page = The full notice: { $link }
letter-personal = To stop receiving these messages, or to see what you follow: { $link }

letter-code-subject = Your access code
letter-code =
    The code that connects this address to the app you are using is:

    { $code }

    It is valid for { $minutes } minutes. Do not give it to anybody: whoever has it can read your requests. If it was not you who asked for it, there is nothing you need to do.
