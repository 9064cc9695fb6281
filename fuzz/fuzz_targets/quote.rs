#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| riscontro_fuzz::entrances::visible_text(bytes));
