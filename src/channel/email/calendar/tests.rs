use super::*;

fn event(lines: &str) -> Invitation {
    read(&format!(
        "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\n{lines}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    ))
    .unwrap()
}

/// Beginning and end as `2026-04-15 09:00`, UTC.
fn times(lines: &str) -> (String, String) {
    let event = event(lines);
    let written =
        |at: Option<DateTime<Utc>>| at.map(|at| at.format("%F %H:%M").to_string()).unwrap_or_default();
    (written(event.starts), written(event.ends))
}

#[track_caller]
fn assert_times(lines: &str, starts: &str, ends: &str) {
    assert_eq!(times(lines), (starts.to_owned(), ends.to_owned()), "{lines}");
}

#[test]
fn an_invitation_says_what_when_where_and_who() {
    let invitation = event(
        "UID:1\r\nDTSTART;TZID=Europe/Rome:20260415T090000\r\nDTEND;TZID=Europe/Rome:20260415T103000\r\n\
        SUMMARY;LANGUAGE=it:Sopralluogo\\, via\r\n  Garibaldi\\; ingresso\\nB\r\nLOCATION:Via Garibaldi 3\r\n\
        ORGANIZER;CN=\"Fontana; geom.: Anna\":MAILTO:Geom.Fontana@Studio.example\r\n\
        BEGIN:VALARM\r\nSUMMARY:promemoria\r\nTRIGGER:-PT15M\r\nEND:VALARM",
    );
    assert_eq!(invitation.method, "REQUEST");
    assert_eq!(invitation.summary, "Sopralluogo, via Garibaldi; ingresso B");
    assert_eq!(invitation.place, "Via Garibaldi 3");
    assert_eq!(invitation.organizer, "geom.fontana@studio.example");
    assert_eq!(invitation.starts.unwrap().to_rfc3339(), "2026-04-15T07:00:00+00:00");
    assert_eq!(invitation.ends.unwrap().to_rfc3339(), "2026-04-15T08:30:00+00:00");
    assert!(!invitation.all_day);
}

#[test]
fn each_way_to_name_a_zone_is_understood() {
    assert_times("DTSTART:20260115T090000Z", "2026-01-15 09:00", "");
    assert_times("DTSTART:20260115T090000", "2026-01-15 08:00", "");
    assert_times("DTSTART:20260115T0900", "2026-01-15 08:00", "");
    assert_times("DTSTART;TZID=\"W. Europe Standard Time\":20260715T090000", "2026-07-15 07:00", "");
    assert_times("DTSTART;TZID=GMT Standard Time:20260115T090000", "2026-01-15 09:00", "");
    assert_times(
        "DTSTART;TZID=/mozilla.org/20050126_1/Europe/London:20260115T090000",
        "2026-01-15 09:00",
        "",
    );
    assert_times("DTSTART;TZID=America/Argentina/Salta:20260115T090000", "2026-01-15 12:00", "");
    assert_times("DTSTART;TZID=Customized Time Zone:20260115T090000", "2026-01-15 08:00", "");
}

#[test]
fn whole_days_end_at_the_midnight_after() {
    let day = event("DTSTART;VALUE=DATE:20260415\r\nDTEND;VALUE=DATE:20260417");
    assert!(day.all_day);
    assert_times(
        "DTSTART;VALUE=DATE:20260415\r\nDTEND;VALUE=DATE:20260417",
        "2026-04-14 22:00",
        "2026-04-16 22:00",
    );
    assert_times("DTSTART:20260415", "2026-04-14 22:00", "2026-04-15 22:00");
    // the day on which the clocks go forward has 23 hours
    assert_times("DTSTART:20260329\r\nDURATION:P1D", "2026-03-28 23:00", "2026-03-29 22:00");
}

#[test]
fn a_duration_gives_the_end() {
    assert_times("DTSTART:20260115T090000Z\r\nDURATION:PT1H30M", "2026-01-15 09:00", "2026-01-15 10:30");
    assert_times("DURATION:P1W\r\nDTSTART:20260115T090000Z", "2026-01-15 09:00", "2026-01-22 09:00");
    assert_times("DTSTART:20260115T090000Z\r\nDURATION:+P1DT1S", "2026-01-15 09:00", "2026-01-16 09:00");
    for wrong in ["-PT1H", "PT", "P1", "1H", "P1Y", "PT99999999999999999999H", "P9223372036854775807W"] {
        let (_, end) = times(&format!("DTSTART:20260115T090000Z\r\nDURATION:{wrong}"));
        assert!(end.is_empty() || end == "2026-01-15 09:00", "{wrong}: {end}");
    }
}

#[test]
fn what_the_clocks_leave_out_or_show_twice_is_a_moment_too() {
    assert_times("DTSTART:20260329T023000", "2026-03-29 01:30", "");
    assert_times("DTSTART:20261025T023000", "2026-10-25 00:30", "");
}

#[test]
fn nonsense_is_no_time() {
    for wrong in [
        "",
        "T",
        "domani",
        "20261301",
        "20260230T090000",
        "20260115T250000",
        "20260115T09",
        "20260115T09000",
        "2026-01-15",
    ] {
        assert_times(&format!("DTSTART:{wrong}"), "", "");
    }
    assert_times("DTSTART:20260115T090000Z\r\nDTEND:20260114T090000Z", "2026-01-15 09:00", "");
    assert_times("DTSTART:00000101", "", "");
    assert_times("DTSTART:99991231T230000Z\r\nDURATION:PT1H", "9999-12-31 23:00", "");
    assert_times("DTSTART:20260115T090000Z\r\nDURATION:P9999999W", "2026-01-15 09:00", "");
}

#[test]
fn the_series_counts_and_not_its_exceptions() {
    let ics = |first: &str, second: &str| {
        format!(
            "BEGIN:VEVENT\nSUMMARY:uno\n{first}END:VEVENT\nBEGIN:VEVENT\nSUMMARY:due\n{second}END:VEVENT\n"
        )
    };
    let exception = "RECURRENCE-ID:20260115T090000Z\n";
    assert_eq!(read(&ics("", exception)).unwrap().summary, "uno");
    assert_eq!(read(&ics(exception, "")).unwrap().summary, "due");
    assert_eq!(read(&ics(exception, exception)).unwrap().summary, "uno");
    assert_eq!(read(&ics("", "")).unwrap().summary, "uno");
}

#[test]
fn a_broken_file_gives_what_is_there() {
    let cut =
        read("\n \nbegin:vcalendar\nmethod: reply \nBEGIN:vevent\nsummary:Ritiro\nDTSTART:2026").unwrap();
    assert_eq!((cut.method.as_str(), cut.summary.as_str(), cut.starts), ("REPLY", "Ritiro", None));
    let organizer =
        event("ORGANIZER;EMAIL=anna@b.it:/aMTY/principal/\r\nSUMMARY\r\n:\r\n;;=:\r\nLOCATION;X=\"a:b")
            .organizer;
    assert_eq!(organizer, "anna@b.it");
    for nothing in [
        "",
        "BEGIN:VCALENDAR\nMETHOD:REQUEST\nEND:VCALENDAR\n",
        "BEGIN:VTODO\nSUMMARY:x\nEND:VTODO",
        "END:VEVENT",
    ] {
        assert_eq!(read(nothing), None, "{nothing:?}");
    }
}

#[test]
fn everything_has_a_limit() {
    let endless =
        format!("BEGIN:VEVENT\nSUMMARY:{}\n{}DTSTART:20260115", "è".repeat(600), "X:y\n".repeat(MAX_LINES));
    let event = read(&endless).unwrap();
    assert_eq!((event.summary.chars().count(), event.starts), (MAX_TEXT, None));
    let folded = format!("BEGIN:VEVENT\nSUMMARY:a{}", "\n b".repeat(100_000));
    assert_eq!(read(&folded).unwrap().summary.chars().count(), MAX_TEXT);
    let nested = format!("BEGIN:VEVENT\n{}SUMMARY:x", "BEGIN:VEVENT\n".repeat(10_000));
    assert_eq!(read(&nested).unwrap().summary, "");
}
