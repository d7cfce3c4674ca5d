/// The themes that are compiled in: one file in this folder, named in Package.swift, and one line here.
public enum BuiltInThemes {
    public static let all: [(name: String, yaml: [UInt8])] = [
        ("foundry", PackageResources.foundry_yml),
        ("mono", PackageResources.mono_yml),
    ]
}
