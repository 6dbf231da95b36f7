import Commands

@main
struct Outrider {
    static func main() async { await OutriderMain.run() }
}
