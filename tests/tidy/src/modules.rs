//! Which file of a crate uses which other one. The modules are read with `syn`, and each path is followed through imports to the file that
//! defines its name.
//!
//! A module that declares or re-exports another one does not use it, unless its own code has the name. Parts for tests (`#[cfg(test)]`) do
//! not count.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Path, PathBuf};
use std::{fs, iter};

use proc_macro2::{TokenStream, TokenTree};
use syn::punctuated::Punctuated;
use syn::visit::Visit;
use syn::{Attribute, Item, ItemUse, Meta, Token, UseTree, Visibility};

/// A file of a crate, and the files that it uses, each with the path by which it does.
pub type Arrows = BTreeMap<PathBuf, BTreeMap<PathBuf, String>>;

/// The arrows between the files of a crate, from its first file (`lib.rs`, `main.rs` or a test).
///
/// # Panics
/// If a file is missing or is not Rust.
pub fn arrows(first: &Path) -> Arrows {
    let mut krate = Crate::default();
    let folder = first.parent().expect("a file is in a folder").to_owned();
    krate.load(first, folder, None);
    krate.arrows()
}

/// The shortest loop through the arrows, as lines to read; `None` if there is no loop.
pub fn circle(arrows: &Arrows) -> Option<Vec<String>> {
    let loops = arrows.keys().filter_map(|file| way_back(arrows, file));
    let shortest = loops.min_by_key(Vec::len)?;
    let line = |[from, to]: &[&Path; 2]| format!("{} uses {} by {}", from.display(), to.display(), arrows[*from][*to]);
    let next = shortest.iter().skip(1).chain(&shortest[..1]);
    Some(shortest.iter().zip(next).map(|(from, to)| line(&[from, to])).collect())
}

/// The shortest way from a file back to itself.
fn way_back<'a>(arrows: &'a Arrows, start: &'a Path) -> Option<Vec<&'a Path>> {
    let mut came_from: BTreeMap<&Path, &Path> = BTreeMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(file) = queue.pop_front() {
        for next in arrows.get(file)?.keys() {
            if next == start {
                let mut way: Vec<_> = iter::successors(Some(file), |file| came_from.get(file).copied()).collect();
                way.reverse();
                return Some(way);
            }
            if arrows.contains_key(next) && !came_from.contains_key(next.as_path()) {
                came_from.insert(next, file);
                queue.push_back(next);
            }
        }
    }
    None
}

/// The modules of a crate. The first is its root.
#[derive(Default)]
struct Crate {
    modules: Vec<Module>,
}

#[derive(Default)]
struct Module {
    file: PathBuf,
    parent: Option<usize>,
    names: BTreeMap<String, Name>,
    /// The paths of `use path::*`, and whether each is only for this module.
    globs: Vec<(Vec<String>, bool)>,
    /// The paths in its code, outside of imports.
    paths: Vec<Vec<String>>,
    /// The imports: the name, and whether it is only for this module.
    imports: Vec<(String, bool)>,
    /// Every identifier in its code, outside of imports.
    words: BTreeSet<String>,
}

enum Name {
    Module(usize),
    Import(Vec<String>),
    Defined,
}

impl Crate {
    /// Reads a file as a module. `folder` is where its modules are.
    fn load(&mut self, file: &Path, folder: PathBuf, parent: Option<usize>) -> usize {
        let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let content = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        self.add(file, &folder, parent, &content.items)
    }

    fn add(&mut self, file: &Path, folder: &Path, parent: Option<usize>, items: &[Item]) -> usize {
        let id = self.modules.len();
        self.modules.push(Module { file: file.to_owned(), parent, ..Module::default() });
        let mut reader = Reader { module: Module::default(), modules: Vec::new() };
        for item in items {
            reader.visit_item(item);
            if let Some(name) = defined(item) {
                reader.module.names.entry(name).or_insert(Name::Defined);
            }
        }
        let Reader { module, modules } = reader;
        self.modules[id] = Module { file: file.to_owned(), parent, ..module };
        for inner in modules {
            let name = inner.ident.to_string();
            let below = folder.join(&name);
            let child = match (&inner.content, path_of(&inner.attrs)) {
                (Some((_, items)), _) => self.add(file, &below, Some(id), items),
                (None, Some(path)) => {
                    let there = file.parent().unwrap_or(folder).join(path);
                    let folder = there.parent().unwrap_or(folder).to_owned();
                    self.load(&tidied(&there), tidied(&folder), Some(id))
                }
                (None, None) => {
                    let beside = folder.join(format!("{name}.rs"));
                    let there = if beside.exists() { beside } else { below.join("mod.rs") };
                    self.load(&there, below, Some(id))
                }
            };
            self.modules[id].names.insert(name, Name::Module(child));
        }
        id
    }

    fn arrows(&self) -> Arrows {
        let mut arrows = Arrows::new();
        for (id, module) in self.modules.iter().enumerate() {
            let from = arrows.entry(module.file.clone()).or_default();
            let used = module.imports.iter().filter(|(name, own)| *own || module.words.contains(name)).filter_map(|(name, _)| {
                match module.names.get(name)? {
                    Name::Import(path) => Some(path),
                    Name::Module(_) | Name::Defined => None,
                }
            });
            let named = used.chain(&module.paths).filter_map(|path| match self.find(id, path, 0)? {
                Found::Item(there) => Some((there, path)),
                Found::Module(_) => None,
            });
            let by_glob = module.globs.iter().filter(|(_, own)| *own).filter_map(|(path, _)| match self.find(id, path, 0)? {
                Found::Item(there) | Found::Module(there) => Some((there, path)),
            });
            for (there, path) in named.chain(by_glob) {
                let file = &self.modules[there].file;
                if *file != module.file {
                    from.entry(file.clone()).or_insert_with(|| path.join("::"));
                }
            }
        }
        arrows
    }

    /// Follows a path from a module; `None` if it leaves the crate.
    fn find(&self, from: usize, path: &[String], depth: usize) -> Option<Found> {
        // A glob may lead in a circle.
        if depth > 16 {
            return None;
        }
        let mut here = from;
        let mut is_first = true;
        for (at, word) in path.iter().enumerate() {
            match word.as_str() {
                "crate" => here = 0,
                "self" => {}
                "super" => here = self.modules[here].parent?,
                name => match self.modules[here].names.get(name) {
                    Some(Name::Module(child)) => here = *child,
                    Some(Name::Defined) => return Some(Found::Item(here)),
                    Some(Name::Import(target)) if target == path && here == from => return None,
                    Some(Name::Import(target)) => match self.find(here, target, depth + 1)? {
                        Found::Module(module) => here = module,
                        item @ Found::Item(_) => return Some(item),
                    },
                    None => {
                        let rest = &path[at..];
                        let is_own = |path: &[String]| {
                            let first = path.first().map_or("", String::as_str);
                            matches!(first, "crate" | "self" | "super") || self.knows(here, first)
                        };
                        let globs = self.modules[here].globs.iter().map(|(glob, _)| glob).filter(|glob| is_own(glob));
                        let mut by_glob = globs.filter_map(|glob| match self.find(here, glob, depth + 1)? {
                            Found::Module(module) => self.find(module, rest, depth + 1).filter(|_| self.knows(module, name)),
                            Found::Item(_) => None,
                        });
                        // Otherwise a macro defines it, or it is a variant.
                        return by_glob.next().or((!is_first).then_some(Found::Item(here)));
                    }
                },
            }
            is_first = false;
        }
        Some(Found::Module(here))
    }

    fn knows(&self, module: usize, name: &str) -> bool {
        self.modules[module].names.contains_key(name)
    }
}

enum Found {
    Module(usize),
    /// An item of this module.
    Item(usize),
}

/// The name of an item that others can import.
fn defined(item: &Item) -> Option<String> {
    let name = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        _ => return None,
    };
    Some(name.to_string())
}

/// The path in `#[path = ".."]`.
fn path_of(attributes: &[Attribute]) -> Option<String> {
    let attribute = attributes.iter().find(|attribute| attribute.path().is_ident("path"))?;
    match &attribute.meta.require_name_value().ok()?.value {
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(path), .. }) => Some(path.value()),
        _ => None,
    }
}

/// The path without `..`, so that a file has one name.
fn tidied(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut tidied, part| {
        if part.as_os_str() == ".." {
            tidied.pop();
        } else {
            tidied.push(part);
        }
        tidied
    })
}

/// Whether the item is compiled for tests only.
fn is_for_tests(attributes: &[Attribute]) -> bool {
    let cfg = |attribute: &&Attribute| attribute.path().is_ident("cfg");
    attributes.iter().filter(cfg).any(|cfg| cfg.parse_args::<Meta>().is_ok_and(|meta| !outside_of_tests(&meta).0))
}

/// Whether a condition can be true and can be false outside of tests.
fn outside_of_tests(condition: &Meta) -> (bool, bool) {
    let Meta::List(list) = condition else { return (!condition.path().is_ident("test"), true) };
    let inner = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).unwrap_or_default();
    let (can, cannot): (Vec<_>, Vec<_>) = inner.iter().map(outside_of_tests).unzip();
    let (all, any) = (|of: &[bool]| of.iter().all(|one| *one), |of: &[bool]| of.iter().any(|one| *one));
    match list.path.get_ident().map(ToString::to_string).as_deref() {
        Some("not") => (any(&cannot), any(&can)),
        Some("any") => (any(&can), all(&cannot)),
        _ => (all(&can), any(&cannot)),
    }
}

/// Collects what one module says, without the modules in it.
struct Reader<'ast> {
    module: Module,
    modules: Vec<&'ast syn::ItemMod>,
}

impl Reader<'_> {
    fn import(&mut self, tree: &UseTree, before: &[String], own: bool) {
        let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        let mut add = |name: &syn::Ident, path: Vec<String>| {
            self.module.names.insert(name.to_string(), Name::Import(path));
            self.module.imports.push((name.to_string(), own));
        };
        match tree {
            UseTree::Path(path) => self.import(&path.tree, &with(&path.ident), own),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.import(tree, before, own)),
            UseTree::Glob(_) => self.module.globs.push((before.to_vec(), own)),
            UseTree::Name(name) if name.ident == "self" => {
                if let Some(last) = before.last() {
                    add(&syn::Ident::new(last, name.ident.span()), before.to_vec());
                }
            }
            UseTree::Name(name) => add(&name.ident, with(&name.ident)),
            // `as _` imports a trait.
            UseTree::Rename(name) if name.rename == "_" => self.module.paths.push(with(&name.ident)),
            UseTree::Rename(name) => add(&name.rename, with(&name.ident)),
        }
    }

    /// The paths in the tokens of a macro.
    fn read(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(word) => {
                    self.module.words.insert(word.to_string());
                    if colons != 2 {
                        self.module.paths.push(std::mem::take(&mut path));
                    }
                    path.push(word.to_string());
                    colons = 0;
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
                other => {
                    self.module.paths.push(std::mem::take(&mut path));
                    colons = 0;
                    if let TokenTree::Group(group) = other {
                        self.read(group.stream());
                    }
                }
            }
        }
        self.module.paths.push(path);
        self.module.paths.retain(|path| path.len() > 1);
    }
}

impl<'ast> Visit<'ast> for Reader<'ast> {
    fn visit_item(&mut self, item: &'ast Item) {
        let attributes = match item {
            Item::Const(item) => &item.attrs,
            Item::Enum(item) => &item.attrs,
            Item::Fn(item) => &item.attrs,
            Item::Impl(item) => &item.attrs,
            Item::Macro(item) => &item.attrs,
            Item::Mod(item) => &item.attrs,
            Item::Static(item) => &item.attrs,
            Item::Struct(item) => &item.attrs,
            Item::Trait(item) => &item.attrs,
            Item::Type(item) => &item.attrs,
            Item::Use(item) => &item.attrs,
            _ => return syn::visit::visit_item(self, item),
        };
        if is_for_tests(attributes) {
            return;
        }
        match item {
            Item::Mod(inner) => self.modules.push(inner),
            other => syn::visit::visit_item(self, other),
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        self.import(&item.tree, &[], matches!(item.vis, Visibility::Inherited));
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.segments.len() > 1 && path.leading_colon.is_none() {
            self.module.paths.push(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        }
        syn::visit::visit_path(self, path);
    }

    fn visit_ident(&mut self, ident: &'ast syn::Ident) {
        self.module.words.insert(ident.to_string());
    }

    fn visit_macro(&mut self, called: &'ast syn::Macro) {
        self.visit_path(&called.path);
        self.read(called.tokens.clone());
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        if let Meta::List(list) = &attribute.meta
            && !attribute.path().is_ident("doc")
        {
            self.read(list.tokens.clone());
        }
    }
}
