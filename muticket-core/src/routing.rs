//! Routing: which supporters are mailed (R-24 to R-28, T-04, D-09). Pure.

use crate::id::{CategoryId, UserId};
use crate::settings::Settings;
use crate::supporter::Staff;
use crate::ticket::Ticket;

/// Selects the supporters who get a letter about a new ticket or a reply, in the order of the staff: the assignee alone, if
/// they are present and the settings say so (T-04). Otherwise the present supporters with the ticket's category. If there are
/// none, or the ticket has no category, all present supporters. The author is left out first, so that the others get a
/// supporter's own ticket.
pub fn supporters_for<'a>(staff: &'a Staff, settings: &Settings, ticket: &Ticket, author: &UserId) -> Vec<&'a UserId> {
    let assignee = staff.assignee(ticket).filter(|assignee| assignee.present && assignee.user != *author);
    match assignee.filter(|_| settings.assignee_first) {
        Some(assignee) => vec![&assignee.user],
        None => supporters_of(staff, ticket.category.as_ref(), author),
    }
}

/// The supporters to whom the routing leads by the category alone.
fn supporters_of<'a>(staff: &'a Staff, category: Option<&CategoryId>, author: &UserId) -> Vec<&'a UserId> {
    let others = || staff.present().filter(|supporter| supporter.user != *author);
    let has_it = |wanted: &CategoryId| {
        let users: Vec<_> = others().filter(|s| s.categories.contains(wanted)).map(|s| &s.user).collect();
        (!users.is_empty()).then_some(users)
    };
    category.and_then(has_it).unwrap_or_else(|| others().map(|supporter| &supporter.user).collect())
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use uuid::Uuid;

    use super::*;
    use crate::id::{GroupId, SupporterId};
    use crate::supporter::Supporter;
    use crate::ticket::tests::ticket;
    use crate::user::User;

    /// `name:present:categories`, as in `sara:yes:billing+technical`; `-name` is no longer in the group.
    fn staff(people: &[&str]) -> Staff {
        let group = GroupId::new("support");
        let settings = Settings { supporter_group: Some(group.clone()), ..Settings::default() };
        let mut users = HashMap::new();
        let mut records = Vec::new();
        for (number, text) in people.iter().enumerate() {
            let parts: Vec<_> = text.split(':').collect();
            let name = parts[0].trim_start_matches('-');
            let mut user = User::new(name, name);
            if !parts[0].starts_with('-') {
                user.groups.push(group.clone());
            }
            records.push(Supporter {
                id: SupporterId(Uuid::from_u128(number as u128)),
                user: user.id.clone(),
                present: parts[1] == "yes",
                categories: parts[2].split('+').filter(|c| !c.is_empty()).map(CategoryId::new).collect(),
            });
            users.insert(user.id.clone(), user);
        }
        Staff::gather(&settings, records, &users)
    }

    #[test]
    fn the_routing_table() {
        let team = ["sara:yes:billing", "tom:yes:technical", "uwe:no:billing", "-vera:yes:billing"];
        type Case<'a> = (&'a [&'a str], Option<&'a str>, &'a str, &'a [&'a str]);
        let cases: [Case<'_>; 9] = [
            // categories not active
            (&team, None, "anna", &["sara", "tom"]),
            // the present supporters with the category
            (&team, Some("billing"), "anna", &["sara"]),
            (&team, Some("technical"), "anna", &["tom"]),
            // no present supporter has the category
            (&team, Some("orders"), "anna", &["sara", "tom"]),
            (&["sara:no:billing", "tom:yes:technical"], Some("billing"), "anna", &["tom"]),
            (&["-sara:yes:billing", "tom:yes:technical"], Some("billing"), "anna", &["tom"]),
            // No supporter is present
            (&["uwe:no:billing"], Some("billing"), "anna", &[]),
            // D-09: no one is mailed about their own message
            (&team, Some("billing"), "sara", &["tom"]),
            (&team, None, "sara", &["tom"]),
        ];
        for (people, category, author, expected) in cases {
            let staff = staff(people);
            let category = category.map(CategoryId::new);
            let ticket = Ticket { category: category.clone(), ..ticket() };
            let found = supporters_for(&staff, &Settings::default(), &ticket, &UserId::new(author));
            assert_eq!(found.iter().map(|u| u.as_str()).collect::<Vec<_>>(), expected, "{people:?} {category:?} {author}");
        }
    }

    /// T-04
    #[test]
    fn the_assignee_is_asked_first() {
        let staff = staff(&["sara:yes:billing", "tom:yes:technical", "uwe:no:billing", "-vera:yes:billing"]);
        let cases: [(&str, bool, &str, &[&str]); 6] = [
            ("tom", true, "anna", &["tom"]),
            // The setting is off
            ("tom", false, "anna", &["sara"]),
            // Absent
            ("uwe", true, "anna", &["sara"]),
            // No supporter any more, or never one
            ("vera", true, "anna", &["sara"]),
            ("anna", true, "anna", &["sara"]),
            // The assignee wrote it
            ("tom", true, "tom", &["sara"]),
        ];
        for (assignee, assignee_first, author, expected) in cases {
            let assignee = Some(UserId::new(assignee));
            let ticket = Ticket { category: Some(CategoryId::new("billing")), assignee, ..ticket() };
            let settings = Settings { assignee_first, ..Settings::default() };
            let found = supporters_for(&staff, &settings, &ticket, &UserId::new(author));
            assert_eq!(found.iter().map(|u| u.as_str()).collect::<Vec<_>>(), expected, "{ticket:?} {author}");
        }
    }

    #[test]
    fn without_a_configured_group_nobody_is_staff() {
        let staff = Staff::gather(&Settings::default(), Vec::new(), &HashMap::new());
        assert!(!staff.support_is_active());
    }
}
