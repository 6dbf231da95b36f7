/// The version of this program.
public enum OutriderVersion {
    public static let current = "0.1.0"
}
