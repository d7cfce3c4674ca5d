extension Grammar {
    /// The people, things and places of a story, and everything that is said about them outside its scenes.
    static let world = Grammar(
        """
        [town]
        Saltmarrow
        Harrow Quay
        Little Ember
        Ninefold
        Cold Lantern
        Vesper Ferry
        Ashby Locks
        Threewater
        Gallowmere
        Orrin's Rest
        Sallow Point
        Lower Thorn
        [name]
        Ines
        Marit
        Tobias
        Wren
        Oda
        Caspar
        Ilse
        Bram
        Yusra
        Linnet
        Pell
        Sunniva
        Anselm
        Noor
        [trade]
        the ferry keeper
        the lamp trimmer
        the bell founder
        the toll clerk
        the salt miller
        the map restorer
        the net mender
        the night baker
        the clock winder
        the letter carrier
        the weir warden
        the glass grinder
        [relic]
        brass key
        unlit lantern
        tide ledger
        cracked bell
        sealed letter
        glass compass
        silver whistle
        knotted rope
        blank map
        iron thimble
        paper crown
        stopped watch
        [threat]
        the tide
        the frost
        the fever
        the flood
        the fog
        the fire
        the long dark
        the tax boat
        [secret]
        who rang the bell on the night of the flood
        why the old harbour was drowned on purpose
        whose name was scratched out of the register
        where the ninth passenger went ashore
        what was promised to the river, and by whom
        who taught the fog to answer
        why the lamp was put out from the inside
        whose hand wrote the last page of the ledger
        what the bridge was really built to keep in
        who has been paying for the empty house
        [site]
        The Counting Stair
        The Drowned Orchard
        The Lamp Room
        The Toll House
        The Salt Vault
        The Bell Loft
        The Rope Walk
        The Winter Quay
        The Glass Chapel
        The Quiet Ferry
        The Ledger Room
        The Tide Gate
        The Night Bakery
        The Broken Weir
        The House of Nets
        The Signal Box
        The Understreet
        The Far Bank
        The Empty Kennels
        The Clock Yard
        The Reed Path
        The Ash Garden
        The Pilot's Door
        The Customs Shed
        The Listening Well
        The Upper Sluice
        The Chandler's Attic
        The Pepper Steps
        The Widow's Locks
        The Hall of Oars
        The Bone Mill
        The Fever House
        The Pigeon Court
        The Long Cellar
        The Watch Tower
        The Flax Pond
        The School of Knots
        The Ember Market
        The Mirror Wharf
        The Last Lantern
        [storyTitle]
        The {title:relic} of {town}
        What {town} Owes
        {Name} and the {title:relic}
        The Last Night in {town}
        A {title:relic} for {town}
        Before {title:threat}
        [token]
        blue thread
        holed coin
        ferry stub
        owl feather
        bone button
        spare wick
        chalk stone
        cork seal
        [premise]
        {Name}, {trade} of {town}, has until morning to find out {secret}, and only the {relic} remembers.
        Somebody in {town} knows {secret}. {Name}, {trade}, has hidden the {relic}, and {threat} is coming.
        {Threat} takes one house of {town} every year. This year it is yours, unless you learn {secret}.
        The {relic} came back to {town} without the one who carried it, and {name}, {trade}, will not say why.
        """)
}
