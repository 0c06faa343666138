//! The sentences stay in their language, while dates, times and numbers follow the region (D-12).

use super::*;

fn tongue(chosen: Option<&str>, accept: &str) -> PageLanguage {
    let view = Renderer::new(None, Language::english()).unwrap();
    view.language(chosen.and_then(Language::parse).as_ref(), Some(accept))
}

#[test]
fn the_region_is_the_visitors_or_their_browsers() {
    let cases = [
        (None, "en-GB, en;q=0.9", "en", "en-gb"),
        (None, "en-US", "en", "en-us"),
        (None, "en, en-AU;q=0.5", "en", "en-au"),
        (None, "de-AT, en;q=0.5", "de", "de-at"),
        // Without their language, visitors keep the dates and numbers of their region.
        (None, "pt-BR", "en", "en-br"),
        (None, "fr", "en", "en-fr"),
        (None, "ar-EG, fr;q=0.5", "en", "en-eg"),
        (None, "zh-Hant, *;q=0.1", "en", "en-tw"),
        (None, "fr, en-GB;q=0.5", "en", "en-gb"),
        (None, "qq", "en", "en"),
        (Some("fr-CH"), "en", "en", "en-ch"),
        (Some("es"), "", "en", "en-es"),
        (Some("en-GB"), "en-US", "en", "en-gb"),
        (Some("en"), "en-GB", "en", "en-gb"),
        (Some("de"), "en-GB", "de", "de"),
        (Some("de-CH"), "en-GB", "de", "de-ch"),
        // If the chosen language is not available, the browser decides.
        (Some("fr-CA"), "de-AT", "de", "de-at"),
        (None, "", "en", "en"),
    ];
    for (chosen, accept, words, locale) in cases {
        let found = tongue(chosen, accept);
        assert_eq!((found.words.as_str(), found.locale.as_str()), (words, locale), "{chosen:?} {accept}");
    }
}

#[test]
fn dates_times_and_numbers_are_written_by_the_region() {
    let view = Renderer::new(None, Language::english()).unwrap();
    let mut templates = Environment::new();
    functions::add(&mut templates);
    let write = |words: &str, locale: &str, what: &str| {
        templates
            .render_str(&format!("{{{{ {what} }}}}"), around(&view, [words, locale], "UTC"))
            .unwrap()
            .replace(['\u{202f}', '\u{a0}'], " ")
    };
    let day = |words, locale| write(words, locale, "day(now)");
    assert_eq!([day("en", "en"), day("en", "en-us"), day("de", "de")], ["Jan 15, 2027", "Jan 15, 2027", "15.01.2027"]);
    assert_eq!(day("en", "en-gb"), "15 Jan 2027");
    let number = |locale| write("de", locale, "number(1234567.5, 1)");
    assert_eq!(number("de"), "1.234.567,5");
    assert!(number("de-at") != number("de") && number("de-at").ends_with(",5") && number("de-ch").ends_with(".5"));
    // The sentences stay those of the language.
    assert_eq!(write("en", "en-gb", "t('messages-count', n=1234)"), "1,234 messages");
}

/// Names of months, exact times and decimal signs; an unknown region is treated as the language's own.
#[test]
fn regions_differ_in_months_hours_and_signs() {
    let view = Renderer::new(None, Language::english()).unwrap();
    let mut templates = Environment::new();
    functions::add(&mut templates);
    let write = |locale: &str, what: &str| {
        templates
            .render_str(&format!("{{{{ {what} }}}}"), around(&view, ["de", locale], "UTC"))
            .unwrap()
            .replace(['\u{202f}', '\u{a0}'], " ")
    };
    let month = |locale| (write(locale, "month('2027-01')"), write(locale, "month_short('2027-01')"));
    assert_eq!(month("de-at"), ("Jänner 2027".to_owned(), "Jän".to_owned()));
    assert_eq!(write("de-at", "month('2027-02')"), "Februar 2027");
    for locale in ["de", "de-ch", "de-zz", "de-999", "de-latn-de"] {
        assert_eq!(month(locale).0, "Januar 2027", "{locale}");
    }
    for (locale, hours) in [("en", "8:00 AM"), ("en-us", "8:00 AM"), ("en-au", "8:00 am"), ("en-gb", "08:00"), ("de-at", "08:00")]
    {
        assert!(write(locale, "exact(now)").contains(hours), "{locale}: {}", write(locale, "exact(now)"));
    }
    for unknown in ["de-zz", "de-999"] {
        for what in ["exact(now)", "day(now)", "number(1234567.5, 1)", "month_short('2027-03')"] {
            assert_eq!(write(unknown, what), write("de", what), "{unknown}");
        }
    }
    let signs = |locale| write(locale, "number(1234567.5, 1)");
    assert_eq!([signs("en"), signs("de"), signs("en-gb")], ["1,234,567.5", "1.234.567,5", "1,234,567.5"]);
    assert!(signs("en-in").starts_with("12,34,567") && signs("de-li").ends_with(".5"), "{} {}", signs("en-in"), signs("de-li"));
}

#[test]
fn the_formats_of_strange_regions_are_not_kept_for_ever() {
    let all = formats::AllFormats::default();
    for number in 0..2000 {
        let tag = format!("en-{number:03}");
        if let Some(language) = Language::parse(&tag) {
            all.of(&language);
        }
    }
    assert!(all.kept() <= formats::AllFormats::MOST);
}

#[test]
fn a_table_has_the_signs_that_a_spreadsheet_of_the_region_expects() {
    let view = Renderer::new(None, Language::english()).unwrap();
    for (tag, signs) in [
        ("en", ",."),
        ("en-gb", ",."),
        ("de", ";,"),
        ("de-at", ";,"),
        ("de-ch", ";."),
        ("fr", ";,"),
        ("es-mx", ",."),
        ("pt-br", ";,"),
        ("ja", ",."),
    ] {
        let TableSigns { separator, decimal } = view.table_signs(&Language::parse(tag).unwrap());
        assert_eq!(format!("{separator}{decimal}"), signs, "{tag}");
    }
}
