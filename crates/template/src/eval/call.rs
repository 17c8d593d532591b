//! Arguments of a call, bound to parameters as Python does.

use super::Session;
use crate::fault::{Fault, Outcome};
use crate::tree::Symbol;
use crate::val::{Dictionary, Key, Root, Val, python_str};

/// Evaluated arguments.
#[derive(Default)]
pub(crate) struct Arguments {
    pub(crate) positional: Vec<Val>,
    pub(crate) keyword: Vec<(Symbol, Val)>,
}

impl Arguments {
    /// The error of an argument that failed for another reason than being undefined.
    pub(crate) fn broken(&self) -> Outcome<()> {
        broken(&self.positional, &self.keyword)
    }

    /// The first undefined argument.
    pub(crate) fn undefined(&self) -> Option<Val> {
        undefined(&self.positional, &self.keyword)
    }
}

/// Bound parameters, and keyword arguments that are none.
pub(crate) type Bound<const N: usize> = ([Option<Val>; N], Vec<(Symbol, Val)>);

/// A call of a filter, test, function or lookup. A filter's value is its first positional argument.
pub(crate) struct Call<'c, 'a> {
    pub(crate) session: &'c Session<'a>,
    /// Whose variables the call sees.
    pub(crate) root: Root,
    pub(crate) positional: Vec<Val>,
    pub(crate) keyword: Vec<(Symbol, Val)>,
}

/// The error of an argument that failed for another reason than being undefined.
fn broken(positional: &[Val], keyword: &[(Symbol, Val)]) -> Outcome<()> {
    for value in positional.iter().chain(keyword.iter().map(|(_, value)| value)) {
        if let Val::Undefined(undefined) = value
            && undefined.is_broken()
        {
            return Err(undefined.fault());
        }
    }
    Ok(())
}

/// The first undefined argument.
fn undefined(positional: &[Val], keyword: &[(Symbol, Val)]) -> Option<Val> {
    let keyword = keyword.iter().map(|(_, value)| value);
    positional.iter().chain(keyword).find(|value| value.is_undefined()).cloned()
}

impl<'c, 'a> Call<'c, 'a> {
    /// The error of an argument that failed for another reason than being undefined.
    pub(crate) fn broken(&self) -> Outcome<()> {
        broken(&self.positional, &self.keyword)
    }

    /// The first undefined argument.
    pub(crate) fn undefined(&self) -> Option<Val> {
        undefined(&self.positional, &self.keyword)
    }

    pub(crate) fn new(session: &'c Session<'a>, root: Root, arguments: Arguments) -> Self {
        Self { session, root, positional: arguments.positional, keyword: arguments.keyword }
    }

    /// Bind the arguments to parameters, of which the first `required` have no default, and take them. A wrong call
    /// fails with Python's `TypeError` text; `function` is the name it shows.
    pub(crate) fn bind<const N: usize>(
        &mut self,
        function: &str,
        parameters: [&str; N],
        required: usize,
    ) -> Outcome<[Option<Val>; N]> {
        // Python looks at the keywords first.
        if let Some((name, _)) = self.keyword.iter().find(|(name, _)| !parameters.contains(&&**name)) {
            return Err(Fault::python(format!("{function}() got an unexpected keyword argument '{name}'")));
        }
        let given = self.positional.len();
        if given > N {
            return Err(too_many(function, N, required, given));
        }
        self.bind_with_keywords(function, parameters, required).map(|(bound, _)| bound)
    }

    /// As [`bind`](Self::bind); keywords that are no parameter are returned, further positional arguments stay in
    /// [`positional`](Self::positional).
    pub(crate) fn bind_with_keywords<const N: usize>(
        &mut self,
        function: &str,
        parameters: [&str; N],
        required: usize,
    ) -> Outcome<Bound<N>> {
        let mut bound = [const { None }; N];
        let count = self.positional.len().min(N);
        for (place, value) in bound.iter_mut().zip(self.positional.drain(..count)) {
            *place = Some(value);
        }
        let mut rest = Vec::new();
        for (name, value) in self.keyword.drain(..) {
            match parameters.iter().position(|parameter| *parameter == &*name) {
                Some(index) if bound[index].is_some() => {
                    return Err(Fault::python(format!("{function}() got multiple values for argument '{name}'")));
                }
                Some(index) => bound[index] = Some(value),
                None => rest.push((name, value)),
            }
        }
        let missing: Vec<String> = parameters
            .iter()
            .zip(&bound)
            .take(required)
            .filter(|(_, value)| value.is_none())
            .map(|(name, _)| format!("'{name}'"))
            .collect();
        if !missing.is_empty() {
            return Err(Fault::python(format!(
                "{function}() missing {} required positional argument{}: {}",
                missing.len(),
                if missing.len() == 1 { "" } else { "s" },
                enumerate(&missing)
            )));
        }
        Ok((bound, rest))
    }

    /// A keyword argument, taken out.
    pub(crate) fn take_keyword(&mut self, name: &str) -> Option<Val> {
        let index = self.keyword.iter().position(|(known, _)| &**known == name)?;
        Some(self.keyword.remove(index).1)
    }

    /// `str(value)`.
    pub(crate) fn text(&self, value: &Val) -> Outcome<String> {
        python_str(value, self.session)
    }

    /// The elements of an iterable; an undefined one is an error, as for every plugin that looks at them.
    pub(crate) fn items(&self, value: &Val) -> Outcome<Vec<Val>> {
        let items = self.session.items(value)?;
        items.iter().try_for_each(Val::check)?;
        Ok(items)
    }

    /// The entries of a mapping; an undefined value is an error.
    pub(crate) fn pairs(&self, dict: &Dictionary) -> Outcome<Vec<(Key, Val)>> {
        let pairs = self.session.pairs(dict);
        pairs.iter().try_for_each(|(_, value)| value.check())?;
        Ok(pairs)
    }

    /// The truth of an optional flag.
    pub(crate) fn flag(&self, value: Option<&Val>, default: bool) -> Outcome<bool> {
        value.map_or(Ok(default), Val::truth)
    }
}

/// `'a', 'b' and 'c'`, as Python lists missing arguments.
fn enumerate(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [first, second] => format!("{first} and {second}"),
        [first @ .., last] => format!("{}, and {last}", first.join(", ")),
    }
}

fn too_many(function: &str, parameters: usize, required: usize, given: usize) -> Fault {
    let takes = match (required == parameters, parameters) {
        (true, 1) => "1 positional argument".to_owned(),
        (true, _) => format!("{parameters} positional arguments"),
        (false, _) => format!("from {required} to {parameters} positional arguments"),
    };
    let were = if given == 1 { "was" } else { "were" };
    Fault::python(format!("{function}() takes {takes} but {given} {were} given"))
}
