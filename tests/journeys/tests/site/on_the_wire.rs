//! Requests as they come over a socket, among them many that no browser sends. Both frameworks answer them alike.

use muticket_journeys::{Adapter, Plan, Wire, World};

/// Headers that a framework adds to all responses, and the time. A response to a form has a cookie with a token of its own.
const OF_THE_FRAMEWORK: [&str; 5] = ["date", "permissions-policy", "server", "set-cookie", "x-frame-options"];

/// Pages by their request lines, and the status of the response.
const LINES: [(&str, u16); 32] = [
    ("GET /support/tickets HTTP/1.0", 200),
    ("GET http://example.org/support/tickets HTTP/1.1", 200),
    ("GET http://evil.example/support/tickets HTTP/1.1", 200),
    ("GET /support/tickets/ HTTP/1.1", 200),
    ("GET /support/tickets#a HTTP/1.1", 200),
    ("GET /support/tickets?q=a|b HTTP/1.1", 200),
    ("GET /support/tickets?q=[a]{b} HTTP/1.1", 200),
    ("GET /support/tickets?q=a^b`c` HTTP/1.1", 200),
    ("GET /support/tickets?q=a\\b HTTP/1.1", 200),
    ("GET /support/tickets?q=\u{e9} HTTP/1.1", 200),
    ("GET /support/tickets?q=%zz HTTP/1.1", 200),
    ("GET /support/tickets?q=\"a\" HTTP/1.1", 400),
    ("GET /support/tickets?q=<a> HTTP/1.1", 400),
    ("GET /support/<a> HTTP/1.1", 400),
    ("GET /support/\u{e9} HTTP/1.1", 404),
    ("GET /support/\"a\" HTTP/1.1", 404),
    ("GET /support/[a]{b}|c HTTP/1.1", 404),
    ("GET /support/a\\b HTTP/1.1", 404),
    ("GET /support/%zz HTTP/1.1", 404),
    ("GET /support/../support/tickets HTTP/1.1", 404),
    ("GET /support/./tickets HTTP/1.1", 404),
    ("GET /support/nowhere HTTP/1.1", 404),
    ("GET support/tickets HTTP/1.1", 400),
    ("GET /support/tickets HTTP/3.0", 400),
    ("GARBAGE", 400),
    ("HEAD /support/tickets HTTP/1.1", 200),
    ("HEAD /support/nowhere HTTP/1.1", 404),
    ("OPTIONS /support/tickets HTTP/1.1", 405),
    ("TRACE /support/tickets HTTP/1.1", 405),
    ("CONNECT /support/tickets HTTP/1.1", 405),
    ("PATCH /support/nowhere HTTP/1.1", 404),
    ("DELETE /support HTTP/1.1", 405),
];

/// The head of a request of Anna's, without its end.
fn head(line: &str) -> String {
    format!("{line}\r\nHost: example.org\r\nX-Person: anna\r\nConnection: close\r\n")
}

/// The response: its status, its headers in alphabetical order, and its body.
async fn response(wire: &Wire, request: &str) -> (u16, Vec<String>, String) {
    let mut line = wire.connect().await;
    line.sends(request.as_bytes()).await;
    let (status, text) = line.answer().await;
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let of_the_framework = |line: &String| OF_THE_FRAMEWORK.iter().any(|name| line.starts_with(&format!("{name}:")));
    let mut headers: Vec<_> = head.lines().skip(1).map(str::to_lowercase).filter(|line| !of_the_framework(line)).collect();
    headers.sort();
    (status, headers, body.to_owned())
}

/// A world, and its sites in Rocket and in axum.
async fn both() -> (World, [Wire; 2]) {
    let rocket = World::new(Plan::memory()).await;
    let axum = rocket.over(Adapter::Axum).await;
    let wires = [rocket.wire().await, axum.wire().await];
    (rocket, wires)
}

/// the frameworks understand the same addresses, methods and headers.
#[tokio::test]
async fn a_request_without_a_body_is_answered_alike() {
    let (_world, wires) = both().await;
    let get = head("GET /support/tickets HTTP/1.1");
    let others = [
        ("a long path", head(&format!("GET /support/{} HTTP/1.1", "x".repeat(70_000))), 414),
        ("a long query", head(&format!("GET /support/tickets?q={} HTTP/1.1", "x".repeat(60_000))), 200),
        ("a long header", format!("{get}Accept-Language: {}\r\n", "de,".repeat(100_000)), 200),
        ("a longer header", format!("{get}Accept-Language: {}\r\n", "de,".repeat(300_000)), 431),
        ("many headers", get.clone() + &"A: b\r\n".repeat(150), 431),
        ("a header with a blank in its name", format!("{get}Accept Language: de\r\n"), 400),
        ("two hosts", format!("{get}Host: evil.example\r\n"), 200),
        ("no host", get.replace("Host: example.org\r\n", ""), 200),
        ("two headers with cookies", format!("{get}Cookie: a=b; c=\"d\"\r\nCookie: e=%zz; =;;\r\n"), 200),
    ];
    let lines = LINES.map(|(line, status)| (line, head(line), status));
    for (name, request, expected) in lines.into_iter().chain(others) {
        let [rocket, axum] = &wires;
        let request = format!("{request}\r\n");
        let (rocket, axum) = (response(rocket, &request).await, response(axum, &request).await);
        assert_eq!(rocket, axum, "{name}");
        assert_eq!(rocket.0, expected, "{name}");
    }
}

/// D-02, D-10: the frameworks read the body of a form alike, whatever its headers say.
#[tokio::test]
async fn a_form_is_read_alike() {
    let (world, wires) = both().await;
    let anna = world.as_("anna");
    let ticket = anna.opens("Printer", "Billing", "It is silent").await;
    // The form is sent many times with the same nonce, and taken once.
    let form = anna.writes(ticket, "And dark").await;
    let (kind, body) = form.sent();
    let (body, length) = (String::from_utf8(body).unwrap(), format!("Content-Length: {}\r\n", form.sent().1.len()));
    let post = head(&format!("POST {} HTTP/1.1", form.action)) + &format!("Content-Type: {kind}\r\n");
    let chunk = format!("{:x}\r\n{body}\r\n0\r\n\r\n", body.len());
    for (name, headers, body, expected) in [
        ("a length", length.as_str(), body.as_str(), 303),
        ("chunks", "Transfer-Encoding: chunked\r\n", &chunk, 303),
        ("broken chunks", "Transfer-Encoding: chunked\r\n", "zz\r\n", 400),
        ("neither", "", &body, 400),
        ("no number as its length", "Content-Length: x\r\n", &body, 400),
        ("two lengths", "Content-Length: 5\r\nContent-Length: 6\r\n", &body, 400),
        ("a length and chunks", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n", 400),
        ("an origin without TLS", &format!("Origin: http://example.org\r\n{length}"), &body, 403),
        ("the public origin", &format!("Origin: https://example.org\r\n{length}"), &body, 303),
        ("too early an end", "Content-Length: 5\r\n", &body[..5], 400),
    ] {
        let [rocket, axum] = &wires;
        let request = format!("{post}{headers}\r\n{body}");
        let (rocket, axum) = (response(rocket, &request).await, response(axum, &request).await);
        assert_eq!((rocket.0, &rocket.1), (axum.0, &axum.1), "{name}");
        assert_eq!(rocket.0, expected, "{name}");
    }
    assert_eq!(anna.sees(ticket).await.count(".message"), 2);
    assert_eq!(world.mailed().await, ["sara", "sara"]);
}

/// Rocket cannot parse a method that it does not know. Whoever answers, the page has the headers that protect it.
#[tokio::test]
async fn an_unknown_method_gets_a_protected_page() {
    let (_world, wires) = both().await;
    for (wire, status) in wires.iter().zip([400, 405]) {
        for method in ["PROPFIND", "get"] {
            let (got, headers, page) = response(wire, &(head(&format!("{method} /support/tickets HTTP/1.1")) + "\r\n")).await;
            assert_eq!(got, status, "{page}");
            for header in
                ["cache-control: no-store", "content-security-policy: default-src 'self'", "x-content-type-options: nosniff"]
            {
                assert!(headers.iter().any(|line| line.starts_with(header)), "{method}: {headers:?}");
            }
        }
    }
}
