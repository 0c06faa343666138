//! Saved answers as forms and as rows of a list: what the pages of supporters and those of administrators have in common (T-08, T-09).

use std::collections::BTreeSet;

use muticket_core::desk::Insertion;
use muticket_core::label::{Label, sort_labels};
use muticket_core::names::{NameStyle, Names};
use muticket_core::saved_answer::{Actions, Assign, ListedAnswer, Placeholder, SavedAnswer, gap};
use muticket_core::ticket::Priority;
use muticket_core::{Categories, CategoryId, LabelId, Language, NewSavedAnswer, SavedAnswerId, SavedChoices, UserId};
use serde::Serialize;

use crate::context::Context;
use crate::form::{Fields, Form};
use crate::form_errors::FormErrors;
use crate::page::person;
use crate::query::is_identifier;

/// A saved answer as it was typed.
#[derive(Debug, Default)]
pub(crate) struct SavedForm {
    title: String,
    texts: Vec<(Language, String)>,
    categories: BTreeSet<CategoryId>,
    actions: Actions,
}

impl Form for SavedForm {
    fn read(fields: &Fields) -> Self {
        let text = |(tag, text): (&str, &str)| Some((Language::parse(tag)?, text.to_owned()));
        Self {
            title: fields.text("title").to_owned(),
            texts: fields.beginning_with("text_").filter_map(text).collect(),
            categories: fields.all("category").filter(|id| is_identifier(id)).map(CategoryId::new).collect(),
            actions: actions_of(["close", "assign", "priority", "target", "label"].into_iter().flat_map(|name| fields.all(name))),
        }
    }
}

impl From<&SavedAnswer> for SavedForm {
    fn from(answer: &SavedAnswer) -> Self {
        Self {
            title: answer.title.clone(),
            texts: answer.texts.iter().map(|(language, text)| (language.clone(), text.as_str().to_owned())).collect(),
            categories: answer.categories.clone(),
            actions: answer.actions.clone(),
        }
    }
}

impl SavedForm {
    /// The typed values, with a text for each language for which the form has a field. A missing field counts as empty.
    pub(crate) fn typed(&self, context: &Context<'_>) -> NewSavedAnswer {
        let text = |language: &Language| (language.clone(), self.text(language).to_owned());
        NewSavedAnswer {
            title: self.title.clone(),
            texts: context.shared.view.languages().map(text).collect(),
            categories: self.categories.clone(),
            actions: self.actions.clone(),
        }
    }

    fn text(&self, language: &Language) -> &str {
        self.texts.iter().find(|(tag, _)| tag == language).map_or("", |(_, text)| text)
    }
}

/// Reads actions as a form writes them: `close`, `take`, `assign:ID`, `priority:WORD`, `category:ID`,
/// `label:ID`. Anything else is nothing.
pub(crate) fn actions_of<'a>(values: impl IntoIterator<Item = &'a str>) -> Actions {
    let action = |value: &str| {
        let mut actions = Actions::default();
        match value.split_once(':') {
            None if value == "close" => actions.close = true,
            None if value == "take" => actions.assign = Some(Assign::Sender),
            Some(("assign", id)) if is_identifier(id) => actions.assign = Some(Assign::To(UserId::new(id))),
            Some(("priority", word)) => actions.priority = word.parse().ok(),
            Some(("category", id)) if is_identifier(id) => actions.category = Some(CategoryId::new(id)),
            Some(("label", id)) => actions.labels.extend(id.parse::<LabelId>()),
            _ => {}
        }
        actions
    };
    values.into_iter().map(action).fold(Actions::default(), Actions::and)
}

/// An action for display. The key of its sentence is `saved-act-WORD`.
#[derive(Debug, Serialize)]
pub(crate) struct ActionModel {
    /// The action as a form writes it.
    value: String,
    /// `close`, `take`, `assign`, `priority`, `category` or `label`.
    word: &'static str,
    /// The name of the assignee, of the category or of the label, or the word of the priority.
    name: Option<String>,
    ticked: bool,
}

impl ActionModel {
    /// All actions. Those that are also among `ticked` have a tick.
    pub(crate) fn all(
        actions: &Actions,
        ticked: &Actions,
        person: impl Fn(&UserId) -> Option<String>,
        category: impl Fn(&CategoryId) -> String,
        labels: &[Label],
    ) -> Vec<Self> {
        let mut all = Vec::new();
        let mut add = |value: String, word, name, ticked| all.push(Self { value, word, name, ticked });
        if actions.close {
            add("close".to_owned(), "close", None, ticked.close);
        }
        let assigns = ticked.assign == actions.assign;
        match &actions.assign {
            Some(Assign::Sender) => add("take".to_owned(), "take", None, assigns),
            Some(Assign::To(user)) => add(format!("assign:{user}"), "assign", person(user), assigns),
            None => {}
        }
        if let Some(priority) = actions.priority {
            let word = priority.as_str();
            add(format!("priority:{word}"), "priority", Some(word.to_owned()), ticked.priority == actions.priority);
        }
        if let Some(id) = &actions.category {
            add(format!("category:{id}"), "category", Some(category(id)), ticked.category == actions.category);
        }
        for label in labels.iter().filter(|label| actions.labels.contains(&label.id)) {
            let name = Some(label.name.as_str().to_owned());
            add(format!("label:{}", label.id), "label", name, ticked.labels.contains(&label.id));
        }
        all
    }
}

/// A row of a list.
#[derive(Debug, Serialize)]
pub(crate) struct SavedRow {
    id: String,
    title: String,
    link: String,
    /// The link to the question before it is deleted; `None` if the visitor cannot delete it.
    delete_link: Option<String>,
    /// The names of the categories for which it is offered; empty for all.
    categories: Vec<String>,
    actions: Vec<ActionModel>,
    uses: u32,
}

/// A value to choose from.
#[derive(Debug, Serialize)]
struct Choice {
    value: String,
    /// `None` for a person whom the host no longer knows.
    name: Option<String>,
    chosen: bool,
    /// Whether it can no longer be chosen, and is only shown because it was.
    gone: bool,
}

/// The form.
#[derive(Debug, Serialize)]
pub(crate) struct SavedFormModel {
    action: String,
    title: String,
    texts: Vec<TextField>,
    categories: Vec<Choice>,
    close: bool,
    take: bool,
    assign: Vec<Choice>,
    priority: Vec<Choice>,
    target: Vec<Choice>,
    labels: Vec<Choice>,
    placeholders: Vec<PlaceholderModel>,
    /// An example of a gap that supporters fill in.
    gap: String,
    list_link: String,
    pub(crate) problems: FormErrors,
}

/// The field for the text in one language.
#[derive(Debug, Serialize)]
struct TextField {
    tag: String,
    /// The name of the language in that language.
    language: String,
    text: String,
}

/// A placeholder for the list below the texts. The key of its sentence is `placeholder-WORD`.
#[derive(Debug, Serialize)]
struct PlaceholderModel {
    code: String,
    word: &'static str,
}

/// Describes saved answers for one reader.
pub(crate) struct Look<'c> {
    context: &'c Context<'c>,
    choices: SavedChoices,
    names: Names,
}

impl<'c> Look<'c> {
    pub(crate) fn new(context: &'c Context<'c>, choices: SavedChoices, style: NameStyle) -> Self {
        let mut choices = choices;
        sort_labels(&mut choices.labels, context.language());
        let names = Names::of(&choices.supporters, style);
        Self { context, choices, names }
    }

    fn category(&self, id: &CategoryId) -> String {
        category_name(&self.choices.categories, id, self.context.language())
    }

    /// A row of a list.
    pub(crate) fn row(&self, answer: &ListedAnswer, link: String, delete_link: Option<String>) -> SavedRow {
        let actions = &answer.actions;
        SavedRow {
            id: answer.id.to_string(),
            title: answer.title.clone(),
            link,
            delete_link,
            categories: answer.categories.iter().map(|id| self.category(id)).collect(),
            actions: ActionModel::all(
                actions,
                actions,
                |user| person(&self.names, user),
                |id| self.category(id),
                &self.choices.labels,
            ),
            uses: answer.uses,
        }
    }

    /// The form. `action` is the URL that takes it, and `list_link` leads back to the list.
    pub(crate) fn form(&self, action: String, list_link: String, form: &SavedForm, problems: FormErrors) -> SavedFormModel {
        let (view, language) = (&self.context.shared.view, self.context.language());
        let SavedForm { title, categories, actions, .. } = form;
        let text = |tag: &Language| TextField {
            tag: tag.as_str().to_owned(),
            language: view.say(tag, "language-name"),
            text: form.text(tag).to_owned(),
        };
        let active = self.choices.categories.in_order(language);
        let offered = |ticked: &dyn Fn(&CategoryId) -> bool, start: &str| -> Vec<Choice> {
            let choice = |id: &CategoryId, name: String, gone| Choice {
                value: format!("{start}{id}"),
                name: Some(name),
                chosen: ticked(id),
                gone,
            };
            active.iter().map(|category| choice(&category.id, category.name(language).to_owned(), false)).collect()
        };
        let is_gone = |id: &&CategoryId| !active.iter().any(|category| category.id == **id);
        let gone = |id: &CategoryId, start: &str| Choice {
            value: format!("{start}{id}"),
            name: Some(self.category(id)),
            chosen: true,
            gone: true,
        };
        let gone_categories = categories.iter().filter(is_gone).map(|id| gone(id, ""));
        let gone_target = actions.category.iter().filter(is_gone).map(|id| gone(id, "category:"));
        let priority = |priority: &Priority| Choice {
            value: format!("priority:{}", priority.as_str()),
            name: Some(priority.as_str().to_owned()),
            chosen: actions.priority == Some(*priority),
            gone: false,
        };
        let label = |label: &Label| Choice {
            value: format!("label:{}", label.id),
            name: Some(label.name.as_str().to_owned()),
            chosen: actions.labels.contains(&label.id),
            gone: false,
        };
        SavedFormModel {
            action,
            title: title.clone(),
            texts: view.languages().map(text).collect(),
            categories: offered(&|id: &CategoryId| categories.contains(id), "").into_iter().chain(gone_categories).collect(),
            close: actions.close,
            take: actions.assign == Some(Assign::Sender),
            assign: self.supporters(actions.assign.as_ref()),
            priority: Priority::ALL.iter().rev().map(priority).collect(),
            target: offered(&|id: &CategoryId| actions.category.as_ref() == Some(id), "category:")
                .into_iter()
                .chain(gone_target)
                .collect(),
            labels: self.choices.labels.iter().map(label).collect(),
            placeholders: Placeholder::ALL
                .iter()
                .map(|placeholder| PlaceholderModel { code: placeholder.to_string(), word: placeholder.as_str() })
                .collect(),
            gap: gap(&self.context.say("saved-gap-example")),
            list_link,
            problems,
        }
    }

    /// The supporters, and the chosen person even if they are no longer a supporter.
    fn supporters(&self, chosen: Option<&Assign>) -> Vec<Choice> {
        let chosen = match chosen {
            Some(Assign::To(user)) => Some(user),
            Some(Assign::Sender) | None => None,
        };
        let choice = |user: &UserId, gone| Choice {
            value: format!("assign:{user}"),
            name: person(&self.names, user),
            chosen: chosen == Some(user),
            gone,
        };
        let staff = self.choices.supporters.iter().map(|user| &user.id);
        let gone = chosen.filter(|user| !self.choices.supporters.iter().any(|supporter| supporter.id == **user));
        staff.map(|user| choice(user, false)).chain(gone.map(|user| choice(user, true))).collect()
    }
}

/// The name of a category, also of one that was removed.
fn category_name(categories: &Categories, id: &CategoryId, language: &Language) -> String {
    categories.find(id).map_or(id.as_str(), |category| category.name(language)).to_owned()
}

/// The saved answers in the text of an answer, and what shall happen when it is sent (T-09).
#[derive(Debug, Clone, Default)]
pub(crate) struct SavedDraft {
    /// The saved answers, each once.
    pub(crate) used: Vec<SavedAnswerId>,
    /// The actions that the form shows.
    pub(crate) offered: Actions,
    /// Those that are ticked.
    pub(crate) ticked: Actions,
}

impl SavedDraft {
    /// The most saved answers in one text.
    const MOST: usize = 20;

    /// Reads `saved`, `offered` and `action`, each of which a form may have several times.
    pub(crate) fn read(fields: &Fields) -> Self {
        let mut used: Vec<SavedAnswerId> = Vec::new();
        for id in fields.all("saved").filter_map(|id| id.parse().ok()) {
            if !used.contains(&id) && used.len() < Self::MOST {
                used.push(id);
            }
        }
        let ticked = actions_of(fields.all("action"));
        Self { used, offered: actions_of(fields.all("offered")).and(ticked.clone()), ticked }
    }

    /// The same with one more saved answer, whose actions are ticked.
    pub(crate) fn and(mut self, insertion: Insertion) -> Self {
        if !self.used.contains(&insertion.id) && self.used.len() < Self::MOST {
            self.used.push(insertion.id);
        }
        self.offered = self.offered.and(insertion.actions.clone());
        self.ticked = self.ticked.and(insertion.actions);
        self
    }
}

#[cfg(test)]
mod tests {
    use muticket_core::label::{LabelColour, LabelName};

    use super::*;

    /// T-09
    #[test]
    fn actions_are_read_as_they_are_written() {
        let label = |number| Label {
            id: format!("00000000-0000-4000-8000-{number:012}").parse().unwrap(),
            name: LabelName::parse("VIP").unwrap(),
            colour: LabelColour::Red,
        };
        let labels = [label(1), label(2)];
        let actions = Actions {
            close: true,
            assign: Some(Assign::To(UserId::new("a:b ä"))),
            priority: Some(Priority::High),
            category: Some(CategoryId::new("category:7")),
            labels: labels.iter().map(|label| label.id).collect(),
        };
        for actions in [actions.clone(), Actions { assign: Some(Assign::Sender), ..actions }, Actions::default()] {
            let models = ActionModel::all(&actions, &actions, |_| None, |_| String::new(), &labels);
            assert!(models.iter().all(|model| model.ticked));
            assert_eq!(actions_of(models.iter().map(|model| model.value.as_str())), actions);
        }
        for odd in ["", "closed", "assign:", "priority:hurried", "label:1", "assign", ":", "category:a\0b"] {
            assert!(actions_of([odd]).is_empty(), "{odd}");
        }
    }
}
