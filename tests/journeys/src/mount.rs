//! A module of a site, whatever the framework.

use muticket_core::Helpdesk;
use muticket_web::{Configure, Module};

use crate::people::Reception;

/// A module of a site: its helpdesk, its host, and how it is set up.
pub struct Mount<'p> {
    helpdesk: Helpdesk,
    host: Reception,
    set_up: Box<dyn FnOnce(Settings<'_>) + Send + 'p>,
}

/// The settings of a module.
pub struct Settings<'m>(&'m mut Module);

impl Configure for Settings<'_> {
    fn module(&mut self) -> &mut Module {
        self.0
    }
}

impl<'p> Mount<'p> {
    /// A module that `set_up` sets up.
    pub fn new(helpdesk: &Helpdesk, host: Reception, set_up: impl FnOnce(Settings<'_>) + Send + 'p) -> Self {
        Self { helpdesk: helpdesk.clone(), host, set_up: Box::new(set_up) }
    }

    /// The module of a framework, which `new` makes, with its settings.
    pub(crate) fn module<M: Configure>(self, new: impl FnOnce(Helpdesk, Reception) -> M) -> M {
        let mut module = new(self.helpdesk, self.host);
        (self.set_up)(Settings(module.module()));
        module
    }
}
