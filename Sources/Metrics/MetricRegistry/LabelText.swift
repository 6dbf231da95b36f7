/// How labels are written between the braces of a sample, in both text formats.
enum LabelText {
    /// Appends `name="value"`, behind a comma unless it is the first. Bytes that are not UTF-8 become U+FFFD.
    static func append(_ name: String, _ value: [UInt8], isFirst: Bool, to text: inout ContiguousArray<UInt8>) {
        if !isFirst { text.append(0x2C) }
        text.append(contentsOf: name.utf8)
        text.append(contentsOf: [0x3D, 0x22])
        for byte in String(decoding: value, as: UTF8.self).utf8 {
            switch byte {
            case 0x22: text.append(contentsOf: [0x5C, 0x22])
            case 0x5C: text.append(contentsOf: [0x5C, 0x5C])
            case 0x0A: text.append(contentsOf: [0x5C, 0x6E])
            default: text.append(byte)
            }
        }
        text.append(0x22)
    }
}
