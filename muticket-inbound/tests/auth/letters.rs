//! Letters, and who signs them.

use mail_auth::common::crypto::Ed25519Key;
use mail_auth::common::headers::HeaderWriter;
use mail_auth::dkim::{DkimSigner, Done, NeedHeaders};

/// A letter that nobody signed.
pub(crate) const LETTER: &str = "From: Anna <anna@x.example>\r\nTo: Support <support@site.example>\r\nSubject: The printer\r\n\r\n\
                                 It is silent since Monday.\r\n";

/// The record with the key of [`OTHERS`].
pub(crate) const OTHERS_KEY: &str = concat!(
    "v=DKIM1; k=rsa; p=",
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAqj76Q7uYRHAPMitISCN6faKt7vOZ7t+EfNY2kJMbKunn/vKbay8SU9Ss",
    "QSnO2K48lVb+a0uCNHj+mvlurYuDuRBllTpWgtZ0JUH8o7DKYcEGG4L30jDPIes2rLAkTs7SrDgrE/D9hxEkLtEm5GNmyf8dlYKT",
    "FPu7esca4OdYrSuaR4cv+sBaO9iSEccNe91EMjPqD1avK1vto9TOA2x5AFSTKApvIvhweM9oHZeDbEyJ2ey8STieVe4hQ6ZSEGcW",
    "f6rBxn23jP5ytMkZSfV80fgcD5EYwgo/wEmXxx7UNoi8RlfAEpYGyKXeEgOhPNQconoMw15jUa+rCFCf1BOY1QIDAQAB",
);

/// Letters that another program (dkimpy) signed, each with another form of what is signed.
pub(crate) const OTHERS: [&str; 3] = [
    concat!(
        "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=x.example;\r\n",
        " i=@x.example; q=dns/txt; s=rsa; t=1796049392; h=from : to : subject :\r\n",
        " message-id; bh=pT/H7PMTU25NLbcn7X+7JPrqmf5yNl9wIuYhBZ3ww8c=;\r\n",
        " b=Q4KjCw49kZ+6KoXKS31Gskrg9p/1Xrj7TGc8sIqnuhTkPU0r2ibPPEfrEwAq4xT1+EFJk\r\n",
        " S7Bg/vk3/zIxyr2t0TsY6u91NfHvG7eTSCB4rekfAYV3Oiy8H+evPCMcfiQx1c9BEzC0Pxq\r\n",
        " 9o2u+GDuEFnAxRO2Yxio2ev/BpUnk4HDLGfY0RyjK3hnuLY1XcNx7Qx9BguOOs+vYjwL5oS\r\n",
        " rAIjzpjqXiPQshBDB1sXHJL4Macc7IvMjucRu2b2dkNmCz1UzbPHQM2pcbXASsFhBLu9hE2\r\n",
        " SzR/6G8Ozf7G9TimfbJ4inOgEg+7plYDx9sz0VKNolqftcn+P417eq72YEzQ==\r\n",
        "From: Anna <anna@x.example>\r\n",
        "To: Support <support@site.example>\r\n",
        "Subject: The  printer\r\n",
        " is silent\r\n",
        "Message-ID: <1@x.example>\r\n",
        "Content-Type: text/plain; charset=utf-8\r\n",
        "\r\n",
        "It is silent since Monday. \r\n",
        "\r\n",
        "Grüße, Anna\r\n",
        "\r\n",
        "\r\n",
        "\r\n",
    ),
    concat!(
        "DKIM-Signature: v=1; a=rsa-sha256; c=simple/simple; d=x.example;\r\n",
        " i=@x.example; q=dns/txt; s=rsa; t=1796049392; h=from : to : subject :\r\n",
        " message-id; bh=drXJmK0mzRuzwsVuGES5SThAZN0MpQ3TRCUIrC4floU=;\r\n",
        " b=HoWcA8M9DJdZXEIo6H+CMvMcEmshY/Svua1kMLkjpZq9M2w4mAJQ3ROKNARP0AVwabc2F\r\n",
        " J3/4ufKfK2RwxZIFBqt6LV+L120S7xJUVYWLa3vk/pqnE0NMRBUnUB5IYLm2WVDELa8XVzu\r\n",
        " FjQYqFJVv4Yu7bwVwb3lVS4NVe1FGujuvQYi8AC+Q5q/SVr7LOCevC/X25rD4PT2x67HMOP\r\n",
        " /XYO9EEO1aS/71Wv/Nyy/2bsrUusA5eA1y4P4qo7BHhxKRTEgvmciJeFar7i7o5RJkD6Xl/\r\n",
        " W09y4FjMtozWkeYZl+CivpsDi7Oa/4xvepZTkt46tM+dD1lHgdDmZZF7u5iw==\r\n",
        "From: Anna <anna@x.example>\r\n",
        "To: Support <support@site.example>\r\n",
        "Subject: The  printer\r\n",
        " is silent\r\n",
        "Message-ID: <1@x.example>\r\n",
        "Content-Type: text/plain; charset=utf-8\r\n",
        "\r\n",
        "It is silent since Monday. \r\n",
        "\r\n",
        "Grüße, Anna\r\n",
        "\r\n",
        "\r\n",
        "\r\n",
    ),
    concat!(
        "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/simple; d=x.example;\r\n",
        " i=@x.example; q=dns/txt; s=rsa; t=1796049392; h=from : to : subject :\r\n",
        " message-id; bh=drXJmK0mzRuzwsVuGES5SThAZN0MpQ3TRCUIrC4floU=;\r\n",
        " b=YUzOjxaHeG310Tx82D9lkv32IQy42wOTn8Hv6eHndY5TEOSAPAsPCGXEYuo6v7yuEy+T6\r\n",
        " 9NInEoFgNoYKQtYU1pTHg2/f6lEfYZq3gJSNR1xg+0c45ETD6q168mbuSOyA5m4FHovzwYt\r\n",
        " 0Rz07ZRvGT2Kpn6fs69YQGxdGrAPc/Xxcy/XUtghoMV/TStbsP/oe8xpIAP/ayJd4d4yoiR\r\n",
        " jlwkdcqhtwQUq8T8UzJ6Eg54qcgmOP6HW1pr5ELdKDBt6h7b76WcFsapSC1us1s+sCWUl17\r\n",
        " +YL5dO4c7evc7Q+PDUwHuRk2TJ4WSxdybs+iysU0jNkbrc6H5XfP/3sGBj5Q==\r\n",
        "From: Anna <anna@x.example>\r\n",
        "To: Support <support@site.example>\r\n",
        "Subject: The  printer\r\n",
        " is silent\r\n",
        "Message-ID: <1@x.example>\r\n",
        "Content-Type: text/plain; charset=utf-8\r\n",
        "\r\n",
        "It is silent since Monday. \r\n",
        "\r\n",
        "Grüße, Anna\r\n",
        "\r\n",
        "\r\n",
        "\r\n",
    ),
];

/// Signs letters. All domains have the same key, which is new for each test.
pub(crate) struct Signer(Vec<u8>);

impl Signer {
    pub(crate) fn new() -> Self {
        Self(Ed25519Key::generate_pkcs8().expect("the machine has chance"))
    }

    fn key(&self) -> Ed25519Key {
        Ed25519Key::from_pkcs8_der(&self.0).expect("it was made here")
    }

    /// The record with the public key.
    pub(crate) fn record(&self) -> String {
        format!("v=DKIM1; k=ed25519; p={}", base64(&self.key().public_key()))
    }

    /// The letter with a signature of the domain in front.
    pub(crate) fn sign(&self, letter: &str, domain: &str) -> String {
        self.sign_with(letter, domain, |signer| signer.headers(["From", "To", "Subject"]))
    }

    /// The same, signed in another way.
    pub(crate) fn sign_with(
        &self,
        letter: &str,
        domain: &str,
        way: impl FnOnce(DkimSigner<Ed25519Key, NeedHeaders>) -> DkimSigner<Ed25519Key, Done>,
    ) -> String {
        let signer = way(DkimSigner::from_key(self.key()).domain(domain).selector("key"));
        let signature = signer.sign(letter.as_bytes()).expect("the letter has fields");
        format!("{}{letter}", signature.to_header())
    }
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let bits = (0..3).fold(0_usize, |bits, at| bits << 8 | usize::from(three.get(at).copied().unwrap_or(0)));
        for at in 0..4 {
            text.push(if at <= three.len() { char::from(LETTERS[bits >> (18 - 6 * at) & 63]) } else { '=' });
        }
    }
    text
}
