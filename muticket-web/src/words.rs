//! Enums whose values have a word: in an address, in a cookie, or in the key of a sentence.

/// Declares an enum with a word for each value, and the way from one to the other.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$value_doc:meta])* $value:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum $name { $($(#[$value_doc])* $value),+ }

        impl $name {
            /// All values, in the order of their declaration.
            pub(crate) const ALL: &[Self] = &[$(Self::$value),+];

            /// Its word.
            pub(crate) fn as_str(self) -> &'static str {
                match self { $(Self::$value => $word),+ }
            }
        }
    };
}

pub(crate) use words;
