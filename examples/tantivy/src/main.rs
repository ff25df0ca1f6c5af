//! Indexes what `termweave export tantivy` has written and prints the hits of its queries as a TREC run. The scores are the dot
//! products. Arguments: the export's folder, hits a query, and the way: `bits` (stock queries) or `impacts` (a query of one's own).
mod impact_query;

use flate2::read::MultiGzDecoder;
use impact_query::ImpactQuery;
use serde_json::Value;
use std::fs::{read_dir, read_to_string, File};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, ConstScoreQuery, Occur, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions, Value as _, STORED, STRING};
use tantivy::tokenizer::{PreTokenizedString, Token};
use tantivy::{Index, TantivyDocument, Term};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, folder, hits, way] = &arguments[..] else { return Err("arguments: FOLDER HITS bits|impacts".into()) };
    let folder = Path::new(folder);
    let facts: Value = serde_json::from_str(&read_to_string(folder.join("tantivy.json"))?)?;
    let separator = facts["separator"].as_str().ok_or("no separator")?;
    let bits = facts["bits"].as_u64().ok_or("no bits")?;

    let mut schema = Schema::builder();
    let id = schema.add_text_field("id", STRING | STORED);
    let option = if way == "bits" { IndexRecordOption::Basic } else { IndexRecordOption::WithFreqs };
    let indexing = TextFieldIndexing::default().set_tokenizer("raw").set_fieldnorms(false).set_index_option(option);
    let terms = schema.add_text_field("terms", TextOptions::default().set_indexing_options(indexing));
    let index = Index::create_in_ram(schema.build());
    let mut writer = index.writer_with_num_threads(1, 200_000_000)?;
    for part in parts(&folder.join("documents"))? {
        for line in lines(&part)? {
            let line = line?;
            let mut document = TantivyDocument::new();
            document.add_text(id, text(&line["id"])?);
            let words = if way == "bits" { bit_terms(&line)? } else { repeated_tokens(&line)? };
            document.add_pre_tokenized_text(terms, words);
            writer.add_document(document)?;
        }
    }
    writer.commit()?;

    let searcher = index.reader()?.searcher();
    for line in lines(&one_of(folder, "queries.jsonl")?)? {
        let line = line?;
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = vec![];
        for (token, weight) in line["impacts"].as_object().ok_or("no impacts")? {
            let weight = weight.as_u64().ok_or("no whole number")?;
            if way == "bits" {
                clauses.extend((0..bits).map(|bit| bit_clause(terms, &format!("{token}{separator}{bit}"), weight << bit)));
            } else {
                let term = Term::from_field_text(terms, token);
                clauses.push((Occur::Should, Box::new(ImpactQuery { term, weight: weight as f32 })));
            }
        }
        let top = TopDocs::with_limit(hits.parse()?).order_by_score();
        for (rank, (score, address)) in searcher.search(&BooleanQuery::new(clauses), &top)?.into_iter().enumerate() {
            let document: TantivyDocument = searcher.doc(address)?;
            let found = document.get_first(id).and_then(|value| value.as_str()).ok_or("no id")?;
            println!("{} Q0 {found} {} {score} tantivy", text(&line["id"])?, rank + 1);
        }
    }
    Ok(())
}

/// A bit of an impact: worth its place value times the query's weight wherever it stands.
fn bit_clause(field: Field, term: &str, score: u64) -> (Occur, Box<dyn Query>) {
    let term = TermQuery::new(Term::from_field_text(field, term), IndexRecordOption::Basic);
    (Occur::Should, Box::new(ConstScoreQuery::new(Box::new(term), score as f32)))
}

fn bit_terms(line: &Value) -> Outcome<PreTokenizedString> {
    let words = text(&line["bits"])?.split(' ').filter(|word| !word.is_empty());
    Ok(pre_tokenized(words.map(str::to_string)))
}

/// Each token as often as its impact says: the index counts them to its frequency.
fn repeated_tokens(line: &Value) -> Outcome<PreTokenizedString> {
    let mut words = vec![];
    for (token, impact) in line["impacts"].as_object().ok_or("no impacts")? {
        let impact = impact.as_u64().ok_or("no whole number")?;
        words.extend(std::iter::repeat_n(token.clone(), impact as usize));
    }
    Ok(pre_tokenized(words.into_iter()))
}

fn pre_tokenized(words: impl Iterator<Item = String>) -> PreTokenizedString {
    let token = |(position, text)| Token { offset_from: 0, offset_to: 0, position, text, position_length: 1 };
    PreTokenizedString { text: String::new(), tokens: words.enumerate().map(token).collect() }
}

fn text(value: &Value) -> Outcome<&str> {
    value.as_str().ok_or_else(|| "no text".into())
}

fn parts(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut parts = read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
    parts.sort();
    Ok(parts)
}

fn one_of(folder: &Path, name: &str) -> Outcome<PathBuf> {
    let found = [folder.join(name), folder.join(format!("{name}.gz"))].into_iter().find(|path| path.exists());
    found.ok_or_else(|| format!("no {name}").into())
}

fn lines(file: &Path) -> Outcome<impl Iterator<Item = Outcome<Value>>> {
    let is_packed = file.extension().is_some_and(|extension| extension == "gz");
    let bytes: Box<dyn Read> = if is_packed { Box::new(MultiGzDecoder::new(File::open(file)?)) } else { Box::new(File::open(file)?) };
    Ok(BufReader::new(bytes).lines().map(|line| Ok(serde_json::from_str(&line?)?)))
}
