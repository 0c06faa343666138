### Les pages de l'administration.

# Comment la langue se nomme elle-même : le nom des champs pour les catégories en dépend.
language-name = Français

backend-settings-title = Réglages
backend-save = Enregistrer
