/// A step of the parser through a document, with the text that it needs already copied.
struct YAMLEvent {
    enum Kind {
        case documentStart
        case alias(String)
        case scalar(String, ScalarStyle)
        case sequenceStart
        case mappingStart
        /// Of a sequence or a mapping.
        case collectionEnd
        /// Nothing that the tree shows: begin and end of the stream, end of a document.
        case structure
    }

    var kind: Kind
    var location: TextLocation
    var anchor: String?
    var tag: String?
}
