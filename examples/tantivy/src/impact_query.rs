//! A query on one term whose score is the term's frequency times a weight.
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, Score, SegmentReader, TantivyError, Term};

#[derive(Clone, Debug)]
pub struct ImpactQuery {
    pub term: Term,
    pub weight: Score,
}

impl Query for ImpactQuery {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(ImpactWeight(self.clone())))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        visitor(&self.term, false);
    }
}

struct ImpactWeight(ImpactQuery);

impl Weight for ImpactWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let ImpactQuery { term, weight } = &self.0;
        let index = reader.inverted_index(term.field())?;
        Ok(match index.read_postings(term, IndexRecordOption::WithFreqs)? {
            Some(postings) => Box::new(ImpactScorer { postings, weight: weight * boost }),
            None => Box::new(EmptyScorer),
        })
    }

    fn explain(&self, reader: &SegmentReader, document: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.scorer(reader, 1.0)?;
        if scorer.doc() <= document && scorer.seek(document) == document {
            return Ok(Explanation::new("frequency * weight", scorer.score()));
        }
        Err(TantivyError::InvalidArgument(format!("document {document} does not match")))
    }
}

struct ImpactScorer {
    postings: SegmentPostings,
    weight: Score,
}

impl DocSet for ImpactScorer {
    fn advance(&mut self) -> DocId {
        self.postings.advance()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.postings.seek(target)
    }

    fn doc(&self) -> DocId {
        self.postings.doc()
    }

    fn size_hint(&self) -> u32 {
        self.postings.size_hint()
    }
}

impl Scorer for ImpactScorer {
    fn score(&mut self) -> Score {
        self.postings.term_freq() as Score * self.weight
    }
}
