extension Grammar {
    /// What is to be seen at the places of a story, by their titles.
    static let sites = Grammar(
        """
        [The Counting Stair]
        Each step has a number cut into it, and somebody has changed the sevens.
        The rail is worn on one side only, as though people had never come back down.
        Half-way up there is a niche with a slate, and on the slate a tally that ends today.
        [The Drowned Orchard]
        The trees stand to their elbows in still water, and they are in fruit.
        Apples bump against each other with a sound like slow applause.
        A ladder leans against nothing, in the middle of the pond.
        [The Lamp Room]
        Forty lamps hang in rows, trimmed and filled, and the forty-first hook is empty.
        The wicks have been cut so short that they must have been cut in anger.
        A ledger lists who came for a light. Nobody is listed as bringing one back.
        [The Toll House]
        The barrier is down, and the string that works it runs in at an upper window.
        The tariff on the wall names prices for carts, for sheep, and for those who are sorry.
        Coins have been pressed into the mortar, face down.
        [The Salt Vault]
        The walls are white to the height of a man and sweat as one leans near.
        Names have been licked into the salt blocks by cattle or by somebody very patient.
        Your lips taste of the place before you have said a word in it.
        [The Bell Loft]
        The big bell has been wrapped in sacking, like a horse that must not be heard.
        A swallow has built in the mouth of the smallest bell, and nobody has had the heart to ring it.
        The ropes go down through holes in the floor, and one of them is being held.
        [The Rope Walk]
        The shed is so long that its far end has weather of its own.
        Hemp hangs from the beams like the beards of a whole jury.
        An unfinished rope lies along the floor, and its strands are slowly untwisting.
        [The Winter Quay]
        The boats are out of the water and lie with their bellies to the moon.
        Ice has glued the mooring rings to the stone, all at the same angle.
        Somebody has shovelled a path to the edge and stopped there.
        [The Glass Chapel]
        There is not one straight line in the windows, and outside the sky goes by in pieces.
        Each pane holds a bubble, and each bubble holds somebody's breath.
        The pews face the door, as if the congregation had been expecting trouble.
        [The Quiet Ferry]
        The ferry lies against its posts without a sound, on a river that is never still.
        There are nine places on the bench, each worn to its owner.
        The ferryman's hat hangs on the tiller, dry in spite of everything.
        [The Ledger Room]
        The ledgers go up to the ceiling, and the oldest are at the bottom, holding up the rest.
        A pen has been left in the ink until the ink grew a skin.
        One shelf has been emptied, and the dust on it is no older than a week.
        [The Tide Gate]
        The gate is shut, and the river leans on it with its whole shoulder.
        Green marks on the stone give the height of every flood, and the topmost has no year.
        The winch has been greased by somebody who used butter.
        [The Night Bakery]
        The ovens are lit and nobody is baking.
        Nine loaves cool on a rack, and one of them has been marked with a thumb.
        Flour hangs in the air, so that every draught in the room can be seen.
        [The Broken Weir]
        The water goes through the gap with its head down, like a crowd leaving a theatre.
        Planks from six different boats have been nailed across the worst of it.
        An eel trap hangs on the last post, and what is in it is reading glasses.
        [The House of Nets]
        Nets hang from room to room, and one has to part them like someone else's hair.
        The floats have been painted with faces, all of them the same face.
        There is a hole in every net, in the same place, of the same size.
        [The Signal Box]
        The levers stand in two rows, brass and black, and one of each has been pulled.
        The line it served was taken up years ago, and the lamps still change.
        Under the window lies a week of sandwiches in paper, in the order of their days.
        [The Understreet]
        Above your head the feet of the town go by, each with its own opinion.
        The shops down here have their shutters up and their prices from before the flood.
        Roots have come through the vault and been combed to one side.
        [The Far Bank]
        Seen from this side, the town is only a row of lights that do not know you.
        The landing is made of doors, laid flat, with their numbers still on.
        Somebody keeps a rowing boat here under a cloth, and keeps the cloth clean.
        [The Empty Kennels]
        The gates stand open, and the chains have been coiled like rope.
        Above each stall is a name, and they are the names of streets.
        The straw is fresh.
        [The Clock Yard]
        Dials lean against the walls by the dozen, waiting for their hands.
        A pendulum swings from a tree, in no case, and is right.
        Snow has been swept off the clocks that run and left on those that do not.
        [The Reed Path]
        The reeds are taller than you are and close again behind every step.
        Twists of white rag mark the way, each tied with a different knot.
        The planks sink as you tread on them, and come up somewhere else.
        [The Ash Garden]
        Roses have been trained over what is left of a kitchen.
        The beds are raked grey, and in the grey the beans have come up in rows.
        A garden gate stands where there is no fence, and is locked.
        [The Pilot's Door]
        The door opens straight on to the water, with one step down and no second.
        Charts paper the hall, and every one of them is of the same rock.
        A speaking tube by the bed ends in a shell.
        [The Customs Shed]
        Everything on the tables has been opened, weighed, and put back wrong.
        A shelf holds what was never called for: a cradle, a saddle, forty left shoes.
        The scales have been stopped with a folded letter, so that nothing weighs anything.
        [The Listening Well]
        A ring of stools stands round the well, turned inward, like a class.
        The bucket has been lined with felt.
        Drop a word in, they say, and it is not the word that comes up.
        [The Upper Sluice]
        The paddles are raised by a hand's breadth, and a blade of water comes through.
        Somebody has cut the date into the beam every year, and this year's is already there.
        From here one sees the whole valley, and which of its windows are lit.
        [The Chandler's Attic]
        Candles hang in pairs by their wicks, like fish.
        A skylight has been blacked over, and then scratched clear, for one eye.
        All the wax in the room has kept the print of the same thumb.
        [The Pepper Steps]
        They smell of every cargo that was ever dropped on them, most of all of one.
        The steps are too high for a man and too low for two.
        A blue door stands at each landing, and behind each somebody holds their breath.
        [The Widow's Locks]
        Three gates, three ponds, and three different greens.
        A chair has been set at each gate, with a cushion and a stick.
        The water goes down so slowly that only the ducks can be seen to sink.
        [The Hall of Oars]
        Oars stand along the walls like a guard that has been told not to blink.
        The blades are painted, and one pair has been painted over.
        The roof is a hull turned upside down, and it still leaks outwards.
        [The Bone Mill]
        The stones have been lifted apart, and somebody has slept between them.
        White dust lies on everything, and has been patted smooth.
        The wheel turns by a quarter whenever it is not looked at.
        [The Fever House]
        The beds are made, eleven of them, with the twelfth turned down.
        Vinegar has eaten the colour from the floor in the shape of a walk.
        Each window has been nailed shut from the inside and from the outside.
        [The Pigeon Court]
        A hundred pigeons look at you, first with one eye and then with the other.
        The holes in the wall are numbered, and some have a curtain.
        A message lies on the ground, rolled small, with the ring still on it.
        [The Long Cellar]
        The casks have been tapped for a hundred years, and every one sounds a little different.
        The floor slopes, so gently that only the puddles have noticed.
        A chalk line runs along the wall at the height of somebody's chin.
        [The Watch Tower]
        From the top one can see everything except the foot of the tower.
        Three chairs face the wall, like pupils kept behind.
        The telescope has been fixed so that it shows one window and no other.
        [The Flax Pond]
        Bundles lie under stones in the brown water, and the smell has its own front door.
        A shirt has been spread on the grass to bleach, with its arms out.
        Dragonflies stand in the air like pins in a map.
        [The School of Knots]
        The rope ends on the wall run from easy to impossible, and the last hook is bare.
        On every desk lies a cord, and in every cord somebody has left a mistake.
        The blackboard says: begin again, and hold the other end.
        [The Ember Market]
        The stalls sell warmth by the shovel, and there is haggling over the colour.
        A woman walks between the braziers with a tray of keys.
        Sparks go up in a thread, and the cats watch them as if they were swallows.
        [The Mirror Wharf]
        The planks have been varnished until the sky can be walked on.
        A tall glass leans against the crane, and in it the river runs the other way.
        There are wet footprints going in. You look twice for those that come out.
        [The Last Lantern]
        The lane ends at a post, and the post at a lantern that nobody owns to lighting.
        Moths have worn the glass on one side until it is as soft as paper.
        Beyond it the dark begins at once, like water at the end of a pier.
        [detail]
        Somebody has laid out nine cups and taken one away again.
        A coat hangs by the door with its pockets turned out.
        The dust has been drawn on with one finger, and the drawing stops at your feet.
        Every clock here shows the same hour, and it is not this one.
        On the sill stands a row of shells, sorted by a rule that you nearly understand.
        A candle has burned down on both sides of the window.
        Someone has mended the railing with blue thread, as if it were a sleeve.
        The paint has come off at the height of a child's hand.
        A list has been pinned up, and the last line is still damp.
        Two spoons lie in one saucer, back to back.
        A broom leans in the corner, worn to the shape of one person's temper.
        There is a loaf under a cloth, and the cloth goes up and down.
        A pair of boots stands by the stove, laced together so that nobody can wear them.
        Someone has turned all the pictures round and dusted their backs.
        A bird cage hangs open, with a fresh leaf of salad in it.
        The mat says welcome, and has been put down for those who leave.
        A jar of buttons has been filled to the brim and sealed with wax.
        The curtain is drawn across a wall.
        Somebody has set the table for a meal and chalked round every plate.
        A hand bell stands on the stairs, stuffed with wool.
        The keyhole has been polished, and the handle has not.
        A name has been cut out of the newspaper, and the rest has been ironed.
        There is a puddle in the shape of a much larger country.
        A lamp burns in the next room, and nobody is in the next room.
        """)
}
