import Testing
import YAMLNodes

@testable import Configuration

@Suite struct ConfigurationReferenceTests {
    @Test func theDocumentationIsThatOfTheDeclarations() {
        expectSnapshot(ConfigurationReference.markdown(), at: "\(ProjectFiles.root)/docs/CONFIGURATION.md")
    }

    @Test func theSchemaIsThatOfTheDeclarations() {
        expectSnapshot(ConfigurationReference.jsonSchema(), at: "\(ProjectFiles.root)/docs/configuration.schema.json")
    }

    @Test func everyExampleAndDefaultIsAcceptedByItsOwnKey() {
        for section in ConfigurationReference.sections {
            for key in section.schema.keys {
                for text in [key.example, key.defaultText].compactMap({ $0 }) {
                    let node = YAMLDocument(Array(text.utf8), file: "t").root
                    #expect(node.map(key.accepts) == true, "\(section.path).\(key.key): \(text)")
                }
            }
        }
    }

    @Test func everyKeySaysWhatHappensWithoutIt() {
        for section in ConfigurationReference.sections {
            let alternatives = Set(section.schema.exactlyOneOf.joined())
            for key in section.schema.keys where !key.isRequired && !alternatives.contains(key.key) {
                #expect(key.defaultText != nil || key.absence != nil, "\(section.path).\(key.key)")
            }
        }
    }

    @Test func theExampleOfTheFirstPageIsGood() {
        #expect(outcome(["outrider.yml": ConfigurationReference.example]) == "")
    }
}
