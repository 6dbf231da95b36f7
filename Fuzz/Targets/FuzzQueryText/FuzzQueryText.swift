import FuzzDriver
import PromQL

/// The parser of expressions: any bytes are read or refused, and what is read is written as something that means the same.
@main enum FuzzQueryText {
    static func main() {
        fuzz { input in
            guard let expression = try? Expression.parse(Array(input)) else { return }
            let text = expression.text
            for written in [text, expression.layout] {
                let again = try? Expression.parse(written)
                check(again?.text == text, "`\(written)` is read as what it was written from")
            }
        }
    }
}
