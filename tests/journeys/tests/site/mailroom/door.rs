//! The door for mail servers itself: its key, its limits, and what must do no harm.

use super::*;

in_both! {
    /// M-08: the door is closed without its key, and takes no more than a letter may have.
    async fn the_door_has_a_key_and_a_limit(adapter: Adapter) {
        let world = world_with(adapter, rules().with_limits(10_000_000, 1000, 20)).await;
        for key in ["", "Bearer", "Bearer wrong", &format!("Basic {KEY}"), KEY, &format!("Bearer {KEY}x")] {
            let asking = world.as_("ada").sends(Method::POST, "/mail").header("Authorization", key).body("From: a@x.example\r\n\r\na");
            let _ = asking.go().await.is(401);
        }
        let _ = posts(&world, &format!("From: a@x.example\r\n\r\n{}", "x".repeat(10_000_001))).await.is(413);
        assert_eq!(arrives(&world, &format!("From: a@x.example\r\n\r\n{}", "x".repeat(9_000_000))).await, "unknown-sender");
        world.ends().await;
    }

    /// M-02: a hostile letter is stored with a verdict, and never stops the next one.
    async fn hostile_letters_do_no_harm(adapter: Adapter) {
        let world = world(adapter).await;
        let hostile = [
            "".to_owned(),
            "\0\0\0".to_owned(),
            "From:".to_owned(),
            "\r\n\r\n".to_owned(),
            format!("From: {}", "<".repeat(100_000)),
            "Content-Type: message/rfc822\r\n\r\n".repeat(100_000),
            format!("From: a@x.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n{}", "--b\r\n\r\n".repeat(5_000)),
            "From: a@x.example\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\nRnJvbTogYQ==".to_owned(),
            format!("From: a@x.example\r\nContent-Type: text/html\r\n\r\n{}", "<blockquote>".repeat(50_000)),
        ];
        for letter in hostile {
            let verdict = arrives(&world, &letter).await;
            assert!(["unknown-sender", "too-many-parts"].contains(&verdict.as_str()), "{verdict}");
        }
        let (_, letter) = answered(&world).await;
        assert_eq!(arrives(&world, &reply(&letter, "anna@example.org", "", "All is well")).await, "replied");
        assert_eq!(world.mailed().await, ["sara"]);
        assert_eq!(world.as_("ada").get("/backend/mail/received").await.is(200).count("a[href$='/original']"), 9);
        world.ends().await;
    }

    /// M-08: without a key there is no door, whatever key is sent.
    async fn without_a_key_there_is_no_door(adapter: Adapter) {
        let world = world_with(adapter, MailIn::new("support+{token}@example.org").unwrap()).await;
        for key in ["", "Bearer ", &format!("Bearer {KEY}")] {
            let asking = world.guest().sends(Method::POST, "/mail").header("Authorization", key).body("From: a@x.example\r\n\r\na");
            let _ = asking.go().await.is(404);
        }
        world.ends().await;
    }

    /// M-10: without a way in, letters say that nobody reads replies, and have no address for them.
    async fn without_a_way_in_nobody_can_reply(adapter: Adapter) {
        let world = World::new(Plan::sqlite().over(adapter).without_categories()).await;
        let ticket = world.as_("anna").opens("Printer", "", "It is silent").await;
        world.as_("sara").answers(ticket, "Is it plugged in?").await;
        for letter in world.letters().await {
            assert!(letter.reply_to.is_none() && letter.text.contains("Replies to this email are not read"), "{}", letter.text);
        }
        let _ = world.guest().sends(Method::POST, "/mail").header("Authorization", &format!("Bearer {KEY}")).go().await.is(404);
        world.ends().await;
    }
}
