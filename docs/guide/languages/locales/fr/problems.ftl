### Ce qui ne va pas dans un formulaire.

problem-empty = Veuillez remplir ce champ.
problem-too-many = { $max ->
    [one] Une seule pièce jointe est autorisée.
   *[other] { $max_text } pièces jointes sont autorisées au plus.
}
