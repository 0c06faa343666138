//! Links in sentences of many languages.

use super::*;

fn links(text: &str) -> Vec<&str> {
    let whole: String = pieces(text)
        .map(|piece| match piece {
            Piece::Text(part) | Piece::Link(part) => part,
        })
        .collect();
    assert_eq!(whole, text);
    assert!(!pieces(text).any(|piece| matches!(piece, Piece::Text("") | Piece::Link(""))), "{text}");
    pieces(text).filter_map(|piece| if let Piece::Link(link) = piece { Some(link) } else { None }).collect()
}

#[test]
fn marks_of_the_sentence_stay_outside() {
    const LINK: &str = "https://a.example/x";
    let around = "„$“ “$” ”$” »$« «$» ‹$› ›$‹ ‘$’ ‚$‘ ’$’ 「$」 『$』 〈$〉 《$》 【$】 〔$〕 （$） ［$］ ｛$｝ ＜$＞ ｢$｣ 〝$〞 ＂$＂ '$' \"$\" \
        `$` ($) [$] {$} <$> ⟨$⟩ ⟦$⟧ ($), [text]($). „$“. („$“) $. $, $; $: $! $? $?! $... $… $。 $、 $， $！ $？ $： $； $． $｡ $､ $، $؛ \
        $؟ $۔ $। $॥ $။ $។ $։ $። $– $— $。そして $，然后 “$”and （$）です ($)です 「$」を見て $…und *$* _$_ **$** 请看$ こちら$ 주소는$ \
        ที่$ ดู$。 ，$ …$ $( $[ $[( $（ $「 $） $）（ $(。)";
    let blanks =
        ["« $ »", "$ –", "$\u{3000}x", "$\u{a0}x", "$\u{2028}x", "$\u{200b}", "$\u{feff}x", "$\u{ad}", "$\u{2060}", "\u{200b}$"];
    for sentence in around.split(' ').filter(|part| !part.is_empty()).chain(blanks) {
        assert_eq!(links(&sentence.replace('$', LINK)), [LINK], "{sentence}");
    }
}

#[test]
fn what_belongs_to_an_address_stays_in_it() {
    let whole = [
        "http://a.example/b_(c)",
        "https://a.example/(a)(b)/[c]",
        "https://zh.example/苹果（公司）",
        "https://ja.example/「あ」",
        "https://bücher.example/straße?q=ä#ö",
        "https://例え.example/テスト",
        "https://例え.テスト/x",
        "https://例え.みんな",
        "https://ja.example/ひらがな/Tシャツ?q=を",
        "https://zh.example/C语言",
        "https://ko.example/C언어",
        "https://a.example/?a=1&amp;b=2&lt=3",
        "https://a.example/?a;b=2",
        "https://[2001:db8::1]:8080/x",
        "http://127.0.0.1:8000/a?b=1&c=2",
        "https://a.example/?to=https://b.example/x",
        "https://a.example/web/2020/http://b.example",
        "https://a.example/a,b;c:d!e'f*g_h~",
        "https://a.example/Hobson’s_choice",
        "https://a.example/Michelson–Morley",
        "https://a.example/x-",
        "https://a.example/%E2%80%9C",
        "Https://a.example/x",
        "HTTPS://A.EXAMPLE",
        "hTTp://a.example",
    ];
    for link in whole {
        assert_eq!(links(link), [link]);
        assert_eq!(links(&format!("({link})")), [link]);
        assert_eq!(links(&format!("a {link} b")), [link]);
    }
}

/// The sentence goes on without a space. What cannot be part of the address is not.
#[test]
fn the_sentence_goes_on_behind_an_address() {
    let cases = [
        ("https://a.example/xです", "https://a.example/x"),
        ("https://a.example/x.htmlを見て", "https://a.example/x.html"),
        ("https://a.example/?q=1&r=%E3%81%82から", "https://a.example/?q=1&r=%E3%81%82"),
        ("https://a.exampleです。", "https://a.example"),
        ("https://a.example请看", "https://a.example"),
        ("http://127.0.0.1:8000里", "http://127.0.0.1:8000"),
        ("http://localhost:8000に", "http://localhost:8000"),
        ("https://a.example을 보세요", "https://a.example"),
        ("https://a.exampleดู", "https://a.example"),
        ("https://例え.exampleです", "https://例え.example"),
        ("https://localhost请看", "https://localhost"),
        ("https://a.exampleです/x", "https://a.example"),
        ("https://a.example/x&gt;", "https://a.example/x"),
        ("&lt;https://a.example/x&gt;. So", "https://a.example/x"),
        ("&lt;a href=&quot;https://a.example/x&quot;&gt;x", "https://a.example/x"),
        ("https://a.example/x&nbsp;und", "https://a.example/x"),
        ("https://a.example/x&#62;und", "https://a.example/x"),
        ("https://a.example/x&amp;", "https://a.example/x"),
        ("https://a.example/x&raquo;&#8220;.", "https://a.example/x"),
        ("(https://a.example/x&gt;)", "https://a.example/x"),
    ];
    for (text, link) in cases {
        assert_eq!(links(text), [link], "{text}");
    }
}

#[test]
fn two_links_are_two() {
    for between in [",", ", ", ";", "，", "、", " ", "\n", "\u{200b}", ") (", "“, „", "|"] {
        let text = format!("https://a.example/x{between}HTTP://b.example/y");
        assert_eq!(links(&text), ["https://a.example/x", "HTTP://b.example/y"], "{text}");
    }
}

#[test]
fn what_is_no_address_is_no_link() {
    for text in [
        "",
        "http",
        "https://",
        "http:// x",
        "https://)",
        "https://[",
        "https://[[((",
        "xhttps://a.example",
        "1http://a.example",
        "https:/a",
        "httpss://a.example",
        "shttp://a.example",
        "ftp://a.example",
        "javascript://a.example",
        "://a.example",
        "ähttps://a.example",
        "https://。",
        "https://“",
        "ſttp://a.example",
        "hßttps://",
    ] {
        assert_eq!(links(text), [""; 0], "{text}");
    }
}

/// P-19: each of these texts would take minutes with an algorithm of quadratic time.
#[test]
fn a_text_made_to_take_long_does_not() {
    for part in [
        "https://",
        "https://a",
        "https://a.example/",
        "(",
        "https://(",
        "https://a（",
        "https://a(",
        "https://a（)",
        "（https://a",
        "https://[",
        "https://a,",
        "https://a.,;",
        ")",
        "http",
        "://",
        "https://a（]",
        "（https://a）",
        "「",
        "https://a…",
        "https://a&amp;",
        "https://a.exampleです",
        "https://a/xです&gt;;;",
    ] {
        let text = part.repeat(20_000 / part.len());
        assert_eq!(
            pieces(&text)
                .map(|piece| match piece {
                    Piece::Text(part) | Piece::Link(part) => part.len(),
                })
                .sum::<usize>(),
            text.len()
        );
    }
    let closed = format!("https://a.example/{}{}", "(".repeat(50_000), ")".repeat(50_000));
    assert_eq!(links(&closed), [closed.as_str()]);
}
