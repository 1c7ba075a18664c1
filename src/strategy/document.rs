//! Documents whose values share others, and hold themselves.

use ndarray::Array1;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use super::flavours;
use crate::error::Result;
use crate::graph::{Builder, Flavour, Id, Pickle};

/// A step: what is made, of which of the values that are there.
#[derive(Clone, Debug)]
enum Step {
    Int(i64),
    Float(f64),
    Str(String),
    Bytes(Vec<u8>),
    Array(Vec<i16>),
    Tuple(Vec<Index>),
    List(Vec<Index>),
    Dict(Vec<(Index, Index)>),
    Set(Vec<Index>),
    Instance(Vec<Index>),
    /// Appends to a list that is there already, which may be among the items.
    Append(Index, Vec<Index>),
    /// Sets keys in a dict that is there already.
    SetItems(Index, Vec<(Index, Index)>),
    /// Gives a state to an instance that is there already.
    Build(Index, Index),
}

fn steps() -> impl Strategy<Value = Step> {
    let index = any::<Index>;
    let some = || vec(any::<Index>(), 0..5);
    let pairs = || vec(any::<(Index, Index)>(), 0..4);
    prop_oneof![
        2 => any::<i64>().prop_map(Step::Int),
        1 => any::<f64>().prop_map(Step::Float),
        2 => any::<String>().prop_map(Step::Str),
        1 => vec(any::<u8>(), 0..300).prop_map(Step::Bytes),
        1 => vec(any::<i16>(), 0..9).prop_map(Step::Array),
        2 => some().prop_map(Step::Tuple),
        3 => some().prop_map(Step::List),
        2 => pairs().prop_map(Step::Dict),
        1 => some().prop_map(Step::Set),
        1 => some().prop_map(Step::Instance),
        2 => (index(), some()).prop_map(|(list, items)| Step::Append(list, items)),
        2 => (index(), pairs()).prop_map(|(dict, pairs)| Step::SetItems(dict, pairs)),
        1 => (index(), index()).prop_map(|(object, dict)| Step::Build(object, dict)),
    ]
}

/// Documents of any [flavour](flavours): lists, tuples, dicts, sets, instances and arrays that several others hold, and lists, dicts and
/// instances that hold themselves. Keys of dicts and elements of sets are numbers, texts, bytes and tuples of such. The root is a tuple
/// of all that was made.
pub fn documents() -> impl Strategy<Value = Pickle<'static>> {
    (flavours(), vec(steps(), 0..30)).prop_map(|(flavour, steps)| {
        // OK because all that is made here has a spelling in every flavour, and there are few of it.
        made(flavour, steps).expect("a document")
    })
}

/// What has been made.
#[derive(Default)]
struct Pool {
    all: Vec<Id>,
    hashable: Vec<Id>,
    lists: Vec<Id>,
    /// Dicts of any keys.
    dicts: Vec<Id>,
    instances: Vec<Id>,
}

fn made(flavour: Flavour, steps: Vec<Step>) -> Result<Pickle<'static>> {
    let mut builder = Builder::new(flavour);
    let mut pool = Pool::default();
    let none = builder.none();
    pool.all.push(none);
    pool.hashable.push(none);
    for step in steps {
        one(&mut builder, &mut pool, step)?;
    }
    let root = builder.tuple(&pool.all)?;
    builder.finish(root)
}

fn one(builder: &mut Builder<'static>, pool: &mut Pool, step: Step) -> Result<()> {
    let any = |indexes: &[Index]| -> Vec<Id> {
        indexes.iter().map(|index| *index.get(&pool.all)).collect()
    };
    let pairs = |indexes: &[(Index, Index)]| -> Vec<(Id, Id)> {
        let pair =
            |(key, value): &(Index, Index)| (*key.get(&pool.hashable), *value.get(&pool.all));
        indexes.iter().map(pair).collect()
    };
    let id = match step {
        Step::Int(value) => builder.int(value)?,
        Step::Float(value) => builder.float(value)?,
        Step::Str(text) => builder.new_str(&text)?,
        Step::Bytes(bytes) => builder.bytes(bytes)?,
        Step::Array(elements) => {
            let id = builder.array(Array1::from(elements))?;
            pool.all.push(id);
            return Ok(());
        }
        Step::Tuple(items) => {
            let items = any(&items);
            let is_hashable = items.iter().all(|item| pool.hashable.contains(item));
            let id = builder.tuple(&items)?;
            pool.all.push(id);
            pool.hashable.extend(is_hashable.then_some(id));
            return Ok(());
        }
        Step::List(items) => {
            let id = builder.list(&any(&items))?;
            pool.all.push(id);
            pool.lists.push(id);
            return Ok(());
        }
        Step::Dict(entries) => {
            let id = builder.dict(&pairs(&entries))?;
            pool.all.push(id);
            pool.dicts.push(id);
            return Ok(());
        }
        Step::Set(items) => {
            let items: Vec<Id> = items
                .iter()
                .map(|index| *index.get(&pool.hashable))
                .collect();
            let id = builder.set(&items)?;
            pool.all.push(id);
            return Ok(());
        }
        Step::Instance(items) => {
            let class = builder.global("argparse", "Namespace")?;
            let id = builder.instance(class, &any(&items), None)?;
            pool.all.push(id);
            pool.instances.push(id);
            return Ok(());
        }
        Step::Append(list, items) => {
            if !pool.lists.is_empty() {
                builder.append(*list.get(&pool.lists), &any(&items))?;
            }
            return Ok(());
        }
        Step::SetItems(dict, entries) => {
            if !pool.dicts.is_empty() {
                builder.set_items(*dict.get(&pool.dicts), &pairs(&entries))?;
            }
            return Ok(());
        }
        Step::Build(object, value) => {
            if !pool.instances.is_empty() {
                let name = builder.str("held")?;
                let state = builder.dict(&[(name, *value.get(&pool.all))])?;
                builder.build(*object.get(&pool.instances), state)?;
            }
            return Ok(());
        }
    };
    pool.all.push(id);
    pool.hashable.push(id);
    Ok(())
}
