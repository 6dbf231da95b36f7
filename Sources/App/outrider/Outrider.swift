@main
struct Outrider {
    static func main() { print("outrider") }
}
