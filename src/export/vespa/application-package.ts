import type { CompanionFile } from '../export-format.js';

/** The document type, and the namespace of document ids. */
export const DOCUMENT = 'passage';
/** The mapped tensor, and the rank profile over it. */
export const TENSOR = 'splade';
/** The weighted set, and the rank profile over it. */
export const IMPACTS = 'impacts';

/**
 * A Vespa application that serves the vectors both ways. `vespa deploy application` takes the folder as it is. Weighted set and
 * dictionary are cased, so that tokens of cased vocabularies stay apart.
 */
export function applicationPackage(): readonly CompanionFile[] {
  return [
    { path: 'application/services.xml', text: SERVICES },
    { path: `application/schemas/${DOCUMENT}.sd`, text: SCHEMA },
    { path: 'application/search/query-profiles/default.xml', text: PROFILE },
    { path: 'application/search/query-profiles/types/root.xml', text: PROFILE_TYPE },
  ];
}

const TENSOR_TYPE = 'tensor<float>(token{})';

const SCHEMA = `schema ${DOCUMENT} {
    document ${DOCUMENT} {
        field id type string {
            indexing: summary | attribute
        }
        # For ranking: the score is the dot product, also of weights that are no whole numbers.
        field ${TENSOR} type ${TENSOR_TYPE} {
            indexing: attribute
        }
        # For retrieval: wand finds the best dot products of whole numbers without visiting every document.
        field ${IMPACTS} type weightedset<string> {
            indexing: attribute
            attribute: fast-search
            match {
                word
                cased
            }
            dictionary {
                hash
                cased
            }
        }
    }
    rank-profile ${TENSOR} {
        inputs {
            query(q) ${TENSOR_TYPE}
        }
        first-phase {
            expression: sum(query(q) * attribute(${TENSOR}))
        }
    }
    rank-profile ${IMPACTS} {
        first-phase {
            expression: rawScore(${IMPACTS})
        }
    }
}
`;

const SERVICES = `<?xml version="1.0" encoding="utf-8" ?>
<services version="1.0">
    <container id="default" version="1.0">
        <search/>
        <document-api/>
        <nodes>
            <node hostalias="node1"/>
        </nodes>
    </container>
    <content id="vectors" version="1.0">
        <redundancy>1</redundancy>
        <documents>
            <document type="${DOCUMENT}" mode="index"/>
        </documents>
        <nodes>
            <node hostalias="node1" distribution-key="0"/>
        </nodes>
    </content>
</services>
`;

const PROFILE = `<query-profile id="default" type="root"/>
`;

const PROFILE_TYPE = `<query-profile-type id="root" inherits="native">
    <field name="ranking.features.query(q)" type="${TENSOR_TYPE.replace('<', '&lt;').replace('>', '&gt;')}"/>
</query-profile-type>
`;
